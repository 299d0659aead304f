package cruddur.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.testbed.Invocation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Compares the policy of template.yaml with the function's calls, with moto's IAM check on. Moto
 * ignores resources and conditions. So they are replaced, and only the actions are tested.
 */
class PolicyTest {
  private static final String USER = "SecurityGroupUpdater";
  private static final List<String> NEEDED =
      List.of(
          "ec2:AuthorizeSecurityGroupIngress",
          "ec2:CreateTags",
          "ec2:DeleteTags",
          "ec2:DescribeSecurityGroupRules",
          "ec2:RevokeSecurityGroupIngress");

  private static Moto moto;
  private static String accessKey;
  private static String secretKey;
  private static int groups;

  private SecurityGroupUpdater function;

  @BeforeAll
  static void start() {
    moto = SharedFixture.moto();
    iam("CreateUser", "");
    var key = iam("CreateAccessKey", "");
    accessKey = element(key, "AccessKeyId");
    secretKey = element(key, "SecretAccessKey");
  }

  @BeforeEach
  void newGroup() {
    try (var ec2 = new GroupFixture(moto.endpoint(), "policy-" + ++groups)) {
      var client = GroupFixture.client(moto.endpoint(), accessKey, secretKey);
      var now = Instant.parse("2026-01-01T12:00:00Z");
      function =
          new SecurityGroupUpdater(
              new SecurityGroup(client, ec2.group()), SharedFixture.database(), () -> now);
    }
  }

  @Test
  void allowsExactlyWhatTheFunctionDoes() {
    assertEquals(NEEDED, List.copyOf(new TreeSet<>(actions())));
    check(NEEDED, this::runAll);
  }

  @Test
  void allowsNothingThatTheFunctionCouldDoWithout() {
    for (var action : NEEDED) {
      newGroup();
      var others = NEEDED.stream().filter(other -> !other.equals(action)).toList();
      check(
          others,
          () -> {
            var refused = assertThrows(RefusedException.class, this::runAll, action);
            assertEquals(List.of("ec2_access_denied"), refused.response().codes(), action);
          });
    }
  }

  @Test
  void namesTheWorkspacesGroupAndRulesWithOurTagOnly() {
    for (var statement : statements()) {
      var actions = strings(member(statement, "Action"));
      var resource = String.valueOf(statement.get("Resource"));
      if (actions.contains("ec2:DescribeSecurityGroupRules")) {
        assertEquals("*", resource, "EC2 knows no narrower one");
      } else if (resource.endsWith("security-group-rule/*")) {
        assertTrue(
            statement.toString().contains("Tag/" + Rule.OPENED_BY + "=false")
                || statement.toString().contains("ec2:CreateAction"),
            statement.toString());
      } else {
        assertEquals(
            "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:security-group/"
                + "${WorkspacesSecurityGroup.GroupId}",
            resource);
      }
    }
  }

  /** All that the function ever does. */
  private void runAll() {
    call("{\"action\": \"open\", \"workspace\": \"a\", \"address\": \"8.8.4.4\"}");
    call("{\"action\": \"open\", \"workspace\": \"a\", \"address\": \"8.8.4.4\"}");
    call("{\"action\": \"open\", \"workspace\": \"b\", \"address\": \"8.8.4.4\"}");
    call("{\"action\": \"open\", \"workspace\": \"a\", \"address\": \"8.8.8.8\"}");
    call("{\"action\": \"list\"}");
    call("{\"action\": \"close\", \"workspace\": \"b\"}");
    call("{\"detail-type\": \"Scheduled Event\"}");
  }

  private void call(String event) {
    new Invocation().call(function, event.getBytes(StandardCharsets.UTF_8));
  }

  private static void check(List<String> actions, Runnable calls) {
    var quoted = actions.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
    var document =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\","
            + "\"Action\":"
            + quoted
            + "}]}";
    iam("PutUserPolicy", "&PolicyName=p&PolicyDocument=" + encode(document));
    moto.post("/moto-api/reset-auth", "iam", "0");
    try {
      calls.run();
    } finally {
      moto.post("/moto-api/reset-auth", "iam", "inf");
    }
  }

  private static String iam(String action, String parameters) {
    return moto.post(
        "/", "iam", "Version=2010-05-08&Action=" + action + "&UserName=" + USER + parameters);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String element(String xml, String name) {
    return xml.replaceFirst("(?s).*<" + name + ">([^<]*)<.*", "$1");
  }

  /** The EC2 actions of all statements. */
  private static List<String> actions() {
    return statements().stream()
        .flatMap(statement -> strings(member(statement, "Action")).stream())
        .toList();
  }

  /** The statements about EC2 in the policies that stand beside the function. */
  private static List<Map<?, ?>> statements() {
    var properties =
        member(
            member(member(template(), "Resources"), "SecurityGroupUpdaterFunction"), "Properties");
    return list(member(properties, "Policies")).stream()
        .filter(Map.class::isInstance)
        .flatMap(policy -> list(member(policy, "Statement")).stream())
        .<Map<?, ?>>map(statement -> (Map<?, ?>) statement)
        .filter(statement -> strings(member(statement, "Action")).getFirst().startsWith("ec2:"))
        .toList();
  }

  private static Object template() {
    // Intrinsic functions in short form, as the text that they are given.
    ConstructNode text =
        new ConstructNode() {
          @Override
          public Object construct(Node node) {
            return node instanceof ScalarNode scalar ? scalar.getValue() : "";
          }
        };
    var constructors =
        Stream.of(
                ("!Ref !Sub !GetAtt !If !Join !Select !Equals !Not !And !Or !Split !FindInMap"
                        + " !ImportValue !GetAZs !Cidr !Condition !Base64 !Transform")
                    .split(" "))
            .collect(Collectors.toMap(Tag::new, _ -> text));
    var load = new Load(LoadSettings.builder().setTagConstructors(constructors).build());
    return load.loadFromInputStream(PolicyTest.class.getResourceAsStream("/template.yaml"));
  }

  private static Object member(Object tree, String name) {
    return Objects.requireNonNull(((Map<?, ?>) tree).get(name), name);
  }

  private static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static List<String> strings(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of(String.valueOf(value));
  }
}
