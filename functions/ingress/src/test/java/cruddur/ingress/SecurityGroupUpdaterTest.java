package cruddur.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import cruddur.database.Database;
import cruddur.ingress.Wire.Fate;
import cruddur.testbed.Invocation;
import cruddur.testbed.Postgres;
import cruddur.testbed.Printed;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecurityGroupUpdaterTest {
  private static final String FOREIGN = "9.9.9.9/32";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final AtomicInteger GROUPS = new AtomicInteger();

  private static Moto moto;
  private static Postgres postgres;
  private static Database database;
  private static Wire wire;

  private Ec2 ec2;
  private SecurityGroupUpdater function;
  private Instant now = NOON;

  @BeforeAll
  static void start() {
    moto = Bench.moto();
    postgres = Bench.postgres();
    database = new Database(postgres.url("cruddur_ingress"));
    wire = new Wire(moto.endpoint());
  }

  @AfterAll
  static void stop() {
    if (wire != null) {
      wire.close();
      database.close();
    }
  }

  @BeforeEach
  void newGroup() {
    wire.passAll();
    wire.pageBy(0);
    ec2 = new Ec2(moto.endpoint(), "group-" + GROUPS.incrementAndGet());
    function = function(database);
  }

  @AfterEach
  void close() {
    ec2.close();
  }

  private SecurityGroupUpdater function(Database itsDatabase) {
    return new SecurityGroupUpdater(ec2.through(wire.endpoint()), itsDatabase, () -> now);
  }

  @Test
  void opensOneAddressAndSaysForWhomAndUntilWhen() {
    assertMatches(
        """
        [{"workspace":"andrew-laptop","address":"8.8.4.4","ruleId":"sgr-*","change":"opened",\
        "openedBy":"lambda:InvokeFunction/*","expiresAt":"2026-01-02T00:00:00+00:00",\
        "sessionsEnded":0}]\
        """,
        call(Invocation.sample("security-group-updater.json")));
    assertOpen("8.8.4.4/32 andrew-laptop");
    var tags = ec2.tags("8.8.4.4/32");
    assertEquals(
        Set.of("cruddur:workspace", "cruddur:opened-by", "cruddur:opened-at", "cruddur:expires-at"),
        tags.keySet());
    assertEquals("2026-01-02T00:00:00Z", tags.get("cruddur:expires-at"));
  }

  @Test
  void renewsTheExpiryOfTheSameAddressAndNothingElse() {
    open("a", "8.8.4.4");
    var before = ec2.tags("8.8.4.4/32");
    now = NOON.plus(Duration.ofHours(1));
    wire.passAll();
    assertTrue(open("a", "8.8.4.4").contains("\"change\":\"renewed\""));
    assertEquals(
        List.of("DescribeSecurityGroupRules", "CreateTags", "DescribeSecurityGroupRules"),
        wire.actions());
    before.put("cruddur:expires-at", "2026-01-02T01:00:00Z");
    assertEquals(before, ec2.tags("8.8.4.4/32"));
  }

  @Test
  void movesByOpeningTheNewAddressBeforeItClosesTheOld() {
    open("a", "8.8.4.4");
    wire.passAll();
    var answer = open("a", "8.8.8.8");
    assertMatches(
        """
        [{"workspace":"a","address":"8.8.8.8","ruleId":"sgr-*","change":"moved",*,\
        "sessionsEnded":0},{"workspace":"a","address":"8.8.4.4","ruleId":"sgr-*",\
        "change":"closed",*,"sessionsEnded":0}]\
        """,
        answer);
    assertOpen("8.8.8.8/32 a");
    assertEquals(
        List.of(
            "DescribeSecurityGroupRules",
            "AuthorizeSecurityGroupIngress",
            "DescribeSecurityGroupRules",
            "RevokeSecurityGroupIngress"),
        wire.actions());
  }

  @Test
  void movesFromIpv4ToIpv6AndBack() {
    open("a", "8.8.4.4");
    open("a", "2A00:1450:0::0001");
    assertOpen("2a00:1450::1/128 a");
    assertTrue(open("a", "2a00:1450::1").contains("renewed"));
    open("a", "8.8.4.4");
    assertOpen("8.8.4.4/32 a");
  }

  @Test
  void letsTwoWorkspacesShareTheRuleOfOneAddress() {
    open("a", "8.8.4.4");
    assertTrue(open("b", "8.8.4.4").contains("\"change\":\"opened\""));
    assertOpen("8.8.4.4/32 a b");
    assertMatches(
        "[{\"workspace\":\"a\",*,\"change\":\"closed\",*,\"sessionsEnded\":0}]",
        closeDirectly("a"));
    assertOpen("8.8.4.4/32 b");
    open("a", "8.8.4.4");
    assertOpen("8.8.4.4/32 a b");
    open("b", "8.8.8.8");
    assertOpen("8.8.4.4/32 a", "8.8.8.8/32 b");
    closeDirectly("a");
    assertOpen("8.8.8.8/32 b");
  }

  @Test
  void twoWorkspacesThatLeaveOneAddressAtOnceLeaveNoRule() throws Exception {
    for (var round = 0; round < 3; round++) {
      open("a", "8.8.4.4");
      open("b", "8.8.4.4");
      atOnce(List.of(() -> closeDirectly("a"), () -> closeDirectly("b")));
      assertOpen();
    }
  }

  @Test
  void tenCallsForOneAddressAtOnceEndWithOneRule() throws Exception {
    var answers = atOnce(IntStream.range(0, 10).mapToObj(_ -> opening("a", "8.8.4.4")).toList());
    assertOpen("8.8.4.4/32 a");
    answers.forEach(answer -> assertTrue(answer.contains("\"address\":\"8.8.4.4\""), answer));
  }

  @Test
  void tenCallsForTenAddressesAtOnceEndWithOneRule() throws Exception {
    for (var round = 0; round < 3; round++) {
      var answers =
          atOnce(
              IntStream.range(0, 10).mapToObj(number -> opening("a", "8.8.4." + number)).toList());
      var open = ec2.open();
      assertEquals(2, open.size(), "somebody else's and one: " + open + answers);
      var address = open.get(0).replaceFirst("/.*", "");
      assertTrue(
          answers.stream()
              .anyMatch(
                  answer -> answer.startsWith("[{\"workspace\":\"a\",\"address\":\"" + address)),
          open + " " + answers);
    }
  }

  @Test
  void twoWorkspacesAtOneAddressAtOnceBothGetIn() throws Exception {
    for (var round = 0; round < 3; round++) {
      atOnce(List.of(opening("a", "8.8.4.4"), opening("b", "8.8.4.4")));
      assertEquals(2, Hold.read(ec2.tags("8.8.4.4/32")).size());
      closeDirectly("a");
      closeDirectly("b");
      assertOpen();
    }
  }

  @Test
  void sweepsWhatHasExpiredFromAllPages() {
    // Together with somebody else's rule the 60 that a group may have.
    IntStream.range(0, 59).forEach(number -> authorize("w" + number, number, number < 50 ? 1 : 3));
    wire.pageBy(25);
    wire.passAll();
    now = NOON.plus(Duration.ofHours(2));
    var answer = call(Invocation.sample("security-group-updater-schedule.json"));
    assertEquals(50, answer.split("\"change\":\"closed\"", -1).length - 1);
    assertEquals(
        List.of(
            "DescribeSecurityGroupRules",
            "DescribeSecurityGroupRules",
            "DescribeSecurityGroupRules",
            "RevokeSecurityGroupIngress"),
        wire.actions());
    assertEquals(10, ec2.open().size());
    assertTrue(ec2.open().contains(FOREIGN));
    now = NOON.plus(Duration.ofHours(4));
    call(Invocation.sample("security-group-updater-schedule.json"));
    assertOpen();
    assertEquals("[]", call(Invocation.sample("security-group-updater-schedule.json")));
  }

  @Test
  void measuresHowLateASweepIsAndNothingElse() {
    try (var printed = new Printed()) {
      open("a", "8.8.4.4", "2");
      open("b", "8.8.8.8", "1");
      now = NOON.plus(Duration.ofMinutes(125));
      call("{\"action\": \"list\"}");
      assertEquals(List.of(), printed.metrics());
      call(Invocation.sample("security-group-updater-schedule.json"));
      call(Invocation.sample("security-group-updater-schedule.json"));
      assertEquals(
          List.of("Overdue 3900 Seconds function=test", "Overdue 0 Seconds function=test"),
          printed.metrics());
    }
    assertOpen();
  }

  @Test
  void aSweepThatFailsMeasuresNothing() {
    open("a", "8.8.4.4", "1");
    now = NOON.plus(Duration.ofHours(2));
    wire.behave((_, _) -> Fate.LOSE);
    try (var printed = new Printed()) {
      assertThrows(
          OrderRefused.class,
          () -> call(Invocation.sample("security-group-updater-schedule.json")));
      assertEquals(List.of(), printed.metrics());
    }
  }

  @Test
  void countsWhatItRefusesAndSessionsThatItCannotEnd() {
    function = function(new Database("postgresql://cruddur_ingress:x@127.0.0.1:1/cruddur"));
    open("a", "8.8.4.4");
    try (var printed = new Printed()) {
      assertStatus(403, "[\"signature_missing\"]", unsigned());
      closeDirectly("a");
      assertEquals(
          List.of(
              "Rejected 1 Count function=test code=signature_missing",
              "DatabaseFailure 1 Count function=test sqlState=08001"),
          printed.metrics());
    }
  }

  private void authorize(String workspace, int number, int hours) {
    var expiresAt = NOON.plus(Duration.ofHours(hours));
    ec2.through(moto.endpoint())
        .authorize(
            new Address("8.2.2." + number), new Hold(workspace, false, "test", NOON, expiresAt));
  }

  @Test
  void sweepsAnExpiredHoldFromARuleThatAnotherHolds() {
    open("a", "8.8.4.4", "1");
    open("b", "8.8.4.4", "3");
    now = NOON.plus(Duration.ofHours(2));
    call(Invocation.sample("security-group-updater-schedule.json"));
    assertOpen("8.8.4.4/32 b");
  }

  @Test
  void makesAnExpiredRuleAnewSoThatNoSweepMeetsIt() {
    open("a", "8.8.4.4", "1");
    var old = open("a", "8.8.4.4", "1");
    now = NOON.plus(Duration.ofSeconds(3601));
    assertEquals("[]", call(Invocation.sample("security-group-updater-schedule.json")));
    var renewed = open("a", "8.8.4.4", "1");
    assertFalse(ruleId(old).equals(ruleId(renewed)));
    assertOpen("8.8.4.4/32 a");
  }

  private static String ruleId(String answer) {
    return answer.replaceFirst("(?s).*?\"ruleId\":\"([^\"]+).*", "$1");
  }

  @Test
  void closesARuleWhoseExpirySomebodyMadeUnreadable() {
    open("a", "8.8.4.4");
    var group = ec2.through(moto.endpoint());
    group.tag(group.rules().ours().getFirst(), Map.of("cruddur:expires-at", "never"));
    call(Invocation.sample("security-group-updater-schedule.json"));
    assertOpen();
  }

  @Test
  void refusesAnAddressThatSomebodyElsesRuleOpens() {
    open("a", "8.8.4.4");
    assertEquals("address_opened_by_others", refusal(() -> open("a", "9.9.9.9")));
    assertOpen("8.8.4.4/32 a");
  }

  @Test
  void keepsTheOldAddressWhenTheQuotaIsReached() {
    open("a", "8.8.4.4");
    ec2.fill();
    assertEquals("rules_limit_reached", refusal(() -> open("a", "8.8.8.8")));
    assertTrue(ec2.open().contains("8.8.4.4/32 a"));
    assertStatus(409, "[\"rules_limit_reached\"]", http("PUT", "a", "8.8.8.8", ""));
  }

  @Test
  void triesAgainWhenThrottledAndThenSaysSo() {
    wire.behave((_, before) -> before == 0 ? Fate.THROTTLE : Fate.PASS);
    open("a", "8.8.4.4");
    wire.behave((_, _) -> Fate.THROTTLE);
    var answer = http("PUT", "a", "8.8.8.8", "");
    assertStatus(503, "[\"ec2_throttled\"]", answer);
    assertTrue(answer.contains("retry-after"), answer);
    assertTrue(wire.actions().size() <= 4, wire.actions().toString());
    assertOpen("8.8.4.4/32 a");
  }

  @Test
  void saysThatTheGroupIsGone() {
    ec2.delete();
    assertEquals("security_group_not_found", refusal(() -> open("a", "8.8.4.4")));
    assertStatus(500, "[\"security_group_not_found\"]", http("PUT", "a", "8.8.4.4", ""));
  }

  @Test
  void saysThatThereIsNoEc2() {
    wire.behave((_, _) -> Fate.LOSE);
    assertStatus(503, "[\"ec2_unavailable\"]", http("PUT", "a", "8.8.4.4", ""));
  }

  @Test
  void changesTheRuleAndSaysSoWhenTheDatabaseIsAway() {
    function = function(new Database("postgresql://cruddur_ingress:x@127.0.0.1:1/cruddur"));
    open("a", "8.8.4.4");
    assertMatches(
        "[{\"workspace\":\"a\",*,\"change\":\"closed\",*,\"sessionsEnded\":null,"
            + "\"error\":\"database_unavailable\"}]",
        closeDirectly("a"));
    assertOpen();
  }

  @Test
  void believesTheAddressAndTheCallerOfTheGatewayAlone() {
    var answer =
        http(
            "PUT",
            "a",
            "8.8.4.4",
            "{\\\"address\\\": \\\"1.1.1.1\\\", \\\"workspace\\\": \\\"b\\\", \\\"hours\\\": 1}");
    assertTrue(answer.contains("\"statusCode\":200"), answer);
    assertOpen("8.8.4.4/32 a");
    assertEquals(
        "arn:aws:iam::123456789012:user/andrew", ec2.tags("8.8.4.4/32").get("cruddur:opened-by"));
    assertEquals("2026-01-01T13:00:00Z", ec2.tags("8.8.4.4/32").get("cruddur:expires-at"));
    assertTrue(http("GET", "", "127.0.0.1", "").contains("8.8.4.4"));
    assertTrue(http("DELETE", "a", "127.0.0.1", "").contains("closed"));
    assertStatus(200, "[]", http("DELETE", "a", "127.0.0.1", ""));
    assertStatus(403, "[\"signature_missing\"]", unsigned());
    assertStatus(400, "[\"json_malformed\"]", http("PUT", "a", "8.8.4.4", "{"));
    assertOpen();
  }

  private String unsigned() {
    return call("{\"requestContext\": {\"http\": {\"method\": \"GET\"}}}");
  }

  @Test
  void listsWhatIsOpen() {
    assertEquals("[]", call("{\"action\": \"list\"}"));
    open("b", "8.8.4.4");
    open("a", "8.8.4.4");
    assertMatches(
        """
        [{"workspace":"b","address":"8.8.4.4","ruleId":"sgr-*","change":null,*},\
        {"workspace":"a",*,"change":null,*}]\
        """,
        call("{\"action\": \"list\"}"));
  }

  @Test
  void neverAsksEc2ForARefusedAddress() {
    wire.passAll();
    for (var line : AddressReadingTest.refused()) {
      var address = AddressReadingTest.text(line);
      var code = AddressReadingTest.code(line);
      var event = "{\"action\": \"open\", \"workspace\": \"a\", \"address\": \"" + address + "\"}";
      assertEquals("[\"" + code + "\"]", invalid(event.replace("\t", "\\t")));
      assertStatus(422, "[\"" + code + "\"]", http("PUT", "a", address.replace("\t", "\\t"), ""));
    }
    assertEquals(List.of(), wire.actions());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|action_invalid",
        "{\"action\": \"OPEN\"}|action_invalid",
        "{\"action\": \"sweep\"}|action_invalid",
        "{\"action\": \"open\", \"workspace\": \"a\"}|address_blank",
        "{\"action\": \"open\", \"workspace\": \"a\", \"address\": 134743044}|address_blank",
        "{\"action\": \"open\", \"workspace\": \"-a\", \"address\": \"8.8.4.4\"}|workspace_invalid",
        "{\"action\": \"open\", \"workspace\": \"A\", \"address\": \"8.8.4.4\"}|workspace_invalid",
        "{\"action\": \"open\", \"workspace\": \"a/b\", \"address\":"
            + " \"8.8.4.4\"}|workspace_invalid",
        "{\"action\": \"close\"}|workspace_invalid",
        "{\"action\": \"close\", \"workspace\": \"\"}|workspace_invalid",
        "{\"action\": \"open\", \"workspace\": \"a\", \"address\": \"8.8.4.4\", \"hours\":"
            + " 0}|hours_invalid",
        "{\"action\": \"open\", \"workspace\": \"a\", \"address\": \"8.8.4.4\", \"hours\":"
            + " 73}|hours_invalid",
        "{\"action\": \"open\", \"workspace\": \"a\", \"address\": \"8.8.4.4\", \"hours\":"
            + " 1.5}|hours_invalid",
        "{\"action\": \"open\", \"workspace\": \"a\", \"address\": \"8.8.4.4\", \"hours\":"
            + " -1}|hours_invalid",
        "{\"action\": \"open\", \"workspace\": \"a\", \"address\": \"8.8.4.4\", \"hours\":"
            + " true}|hours_invalid",
        "{\"action\": \"open\", \"workspace\": \"a\", \"address\": \"8.8.4.4\", \"hours\":"
            + " {}}|hours_invalid",
      })
  void failsADirectCallThatIsNotSound(String event, String code) {
    assertEquals("[\"" + code + "\"]", invalid(event));
  }

  @Test
  void takesWorkspacesAndHoursOfAnyAllowedLength() {
    var workspace = "9" + "-".repeat(61) + "z";
    open(workspace, "8.8.4.4", "72");
    assertOpen("8.8.4.4/32 " + workspace);
    assertEquals(
        "[\"workspace_invalid\"]",
        invalid("{\"action\": \"close\", \"workspace\": \"" + workspace + "z\"}"));
  }

  @Test
  void readsWhatTheTypedEventsOfAwsReadAndAnswersWhatTheyUnderstand() {
    var http =
        typed(APIGatewayV2HTTPEvent.class, Invocation.sample("security-group-updater-http.json"));
    assertEquals("8.8.4.4", http.getRequestContext().getHttp().getSourceIp());
    assertEquals(
        "arn:aws:iam::123456789012:user/andrew",
        http.getRequestContext().getAuthorizer().getIam().getUserArn());
    var schedule =
        typed(ScheduledEvent.class, Invocation.sample("security-group-updater-schedule.json"));
    assertEquals("Scheduled Event", schedule.getDetailType());
    var answer = call(Invocation.sample("security-group-updater-http.json"));
    var response = typed(APIGatewayV2HTTPResponse.class, answer.getBytes(StandardCharsets.UTF_8));
    assertEquals(200, response.getStatusCode());
    assertMatches(
        "[{\"workspace\":\"andrew-laptop\",\"address\":\"8.8.4.4\",*}]", response.getBody());
  }

  private <T> T typed(Class<T> type, byte[] json) {
    return LambdaEventSerializers.serializerFor(type, getClass().getClassLoader())
        .fromJson(new ByteArrayInputStream(json));
  }

  private String open(String workspace, String address) {
    return open(workspace, address, "12");
  }

  private String open(String workspace, String address, String hours) {
    return call(opened(workspace, address, hours));
  }

  private static String opened(String workspace, String address, String hours) {
    return """
    {"action": "open", "workspace": "%s", "address": "%s", "hours": %s}\
    """
        .formatted(workspace, address, hours);
  }

  /** Opens with an environment of its own; the answer or the failure's message. */
  private Callable<String> opening(String workspace, String address) {
    var own = function(database);
    return () -> {
      try {
        return call(own, opened(workspace, address, "12"));
      } catch (OrderRefused refused) {
        return refused.getMessage();
      }
    };
  }

  private String closeDirectly(String workspace) {
    return call("{\"action\": \"close\", \"workspace\": \"" + workspace + "\"}");
  }

  private String http(String method, String workspace, String sourceIp, String body) {
    return call(
        """
        {"pathParameters": {"workspace": "%s"}, "body": "%s", "requestContext": {
          "authorizer": {"iam": {"userArn": "arn:aws:iam::123456789012:user/andrew"}},
          "http": {"method": "%s", "sourceIp": "%s"}}}\
        """
            .formatted(workspace, body, method, sourceIp));
  }

  private String call(String event) {
    return call(function, event);
  }

  private String call(byte[] event) {
    return new String(new Invocation().call(function, event), StandardCharsets.UTF_8);
  }

  private static String call(SecurityGroupUpdater function, String event) {
    return new String(
        new Invocation().call(function, event.getBytes(StandardCharsets.UTF_8)),
        StandardCharsets.UTF_8);
  }

  private String invalid(String event) {
    return message(assertThrows(OrderInvalid.class, () -> call(event)));
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  private static String refusal(Runnable call) {
    return assertThrows(OrderRefused.class, call::run).refusal().code();
  }

  private static void assertStatus(int status, String body, String answer) {
    assertTrue(answer.startsWith("{\"statusCode\":" + status + ","), answer);
    var escaped = "\"body\":\"" + body.replace("\"", "\\\"") + "\"";
    assertTrue(answer.contains(escaped), answer);
  }

  /** Compares with a text in which a star stands for anything. */
  private static void assertMatches(String pattern, String text) {
    var parts = new ArrayList<String>();
    for (var part : pattern.split("\\*", -1)) {
      parts.add(Pattern.quote(part));
    }
    assertTrue(text.matches(String.join(".*", parts)), text);
  }

  /** The group has these rules and somebody else's one, and no other. */
  private void assertOpen(String... rules) {
    var expected = new ArrayList<>(List.of(rules));
    expected.add(FOREIGN);
    assertEquals(expected, ec2.open());
  }

  private static List<String> atOnce(List<Callable<String>> calls) throws Exception {
    try (var threads = Executors.newFixedThreadPool(calls.size())) {
      var answers = new ArrayList<String>();
      for (var done : threads.invokeAll(calls)) {
        answers.add(done.get());
      }
      return answers;
    }
  }
}
