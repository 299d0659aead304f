package cruddur.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.database.Database;
import cruddur.lambda.HttpRequest;
import cruddur.lambda.JsonObject;
import cruddur.testbed.Fuzz;
import cruddur.testbed.Invocation;
import cruddur.testbed.RandomInput;
import cruddur.testbed.StrictJson;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * Random commands: each is read as the contract says, or refused with its codes without a request
 * to EC2 or the database. Both are out of reach here, so such a request would fail the test.
 */
class CommandFuzzTest {
  private static final String REQUEST_ID = "8f507cfc-xmpl-4697-b07a-ac58fc914c95";

  private final SecurityGroupUpdater function =
      new SecurityGroupUpdater(
          new SecurityGroup(nowhere(), "sg-1"),
          new Database("postgresql://a:b@127.0.0.1:1/cruddur"),
          () -> Instant.EPOCH);

  private static Ec2Client nowhere() {
    return Ec2Client.builder()
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .region(Region.US_EAST_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .endpointOverride(URI.create("http://127.0.0.1:1"))
        .build();
  }

  @Test
  void everyDirectCallIsReadOrRefusedByTheContract() {
    Fuzz.run("SecurityGroupUpdater, direct", this::checkDirectCall);
  }

  @Test
  void everyRequestIsReadOrRefusedByTheContract() {
    Fuzz.run("SecurityGroupUpdater, HTTP", this::checkRequest);
  }

  private void checkDirectCall(RandomInput random) {
    var event = directCall(random);
    var members = StrictJson.object(event);
    var codes = members.map(CommandFuzzTest::codes).orElse(List.of("json_malformed"));
    if (codes.isEmpty()) {
      assertAccepted(
          members.orElseThrow(), Command.parse(JsonObject.parse(event).orElseThrow(), REQUEST_ID));
      return;
    }
    var invocation = new Invocation();
    var refused =
        assertThrows(
            RefusedException.class,
            () -> invocation.call(function, event),
            () -> new String(event, StandardCharsets.UTF_8));
    assertEquals(
        array(codes),
        withoutReason(String.valueOf(refused.getMessage())),
        () -> new String(event, StandardCharsets.UTF_8));
    assertEquals("", invocation.log());
  }

  private static List<String> codes(Map<String, @Nullable Object> members) {
    if ("Scheduled Event".equals(members.get("detail-type"))) {
      return List.of();
    }
    var action = String.valueOf(members.get("action"));
    if (!(members.get("action") instanceof String) || !action.matches("open|close|list")) {
      return List.of("action_invalid");
    }
    var codes = new ArrayList<String>();
    if (!action.equals("list") && !isWorkspace(members.get("workspace"))) {
      codes.add("workspace_invalid");
    }
    if (!action.equals("list") && !isOwner(members.get("owner"))) {
      codes.add("owner_invalid");
    }
    if (action.equals("open")) {
      var address = members.get("address") instanceof String text ? text : "";
      if (!isPublic(address)) {
        codes.add("address_");
      }
      if (!isHours(members.get("hours"))) {
        codes.add("hours_invalid");
      }
    }
    return codes;
  }

  private static boolean isWorkspace(@Nullable Object value) {
    return value instanceof String text && text.matches("[a-z0-9][a-z0-9-]{0,62}");
  }

  private static boolean isOwner(@Nullable Object value) {
    if (value == null || value.equals(new StrictJson.Literal("null"))) {
      return true;
    }
    var text = value instanceof StrictJson.Literal(var literal) ? literal : value;
    return text instanceof String owner && owner.matches("[a-zA-Z0-9_.:/=+@-]{1,180}");
  }

  private static boolean isHours(@Nullable Object value) {
    if (value == null || value.equals(new StrictJson.Literal("null"))) {
      return true;
    }
    var text = value instanceof StrictJson.Literal(var literal) ? literal : value;
    for (var hours = 1; hours <= 72; hours++) {
      if (text.equals("" + hours)) {
        return true;
      }
    }
    return false;
  }

  /** A simple reading of RFC 6890, for the addresses drawn here. */
  private static boolean isPublic(String text) {
    var host = text.replaceFirst("/32$", "");
    if (!host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
      return false;
    }
    try {
      var address = InetAddress.ofLiteral(host);
      return !host.matches("(.*\\.)?0[0-9].*")
          && !address.isSiteLocalAddress()
          && !address.isLoopbackAddress()
          && !address.isLinkLocalAddress()
          && !address.isMulticastAddress()
          && !address.isAnyLocalAddress()
          && isPublicIpv4(address.getAddress());
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean isPublicIpv4(byte[] bytes) {
    var first = bytes[0] & 0xff;
    var second = bytes[1] & 0xff;
    var third = bytes[2] & 0xff;
    return first != 0
        && first < 224
        && !(first == 100 && second >= 64 && second < 128)
        && !(first == 192 && second == 0 && (third == 0 || third == 2))
        && !(first == 192 && second == 88 && third == 99)
        && !(first == 198 && (second == 18 || second == 19))
        && !(first == 198 && second == 51 && third == 100)
        && !(first == 203 && second == 0 && third == 113);
  }

  private static byte[] directCall(RandomInput random) {
    var members = new ArrayList<String>();
    if (random.oneIn(12)) {
      members.add(
          "\"detail-type\":" + random.of("\"Scheduled Event\"", "\"scheduled event\"", "1"));
    }
    if (!random.oneIn(20)) {
      members.add(
          "\"action\":"
              + (random.oneIn(8)
                  ? random.from(
                      random::json, () -> random.of("\"Open\"", "\"open \"", "[\"open\"]"))
                  : random.of("\"open\"", "\"open\"", "\"close\"", "\"list\"")));
    }
    if (!random.oneIn(20)) {
      members.add("\"workspace\":" + workspace(random));
    }
    if (!random.oneIn(20)) {
      members.add(
          "\"address\":" + (random.oneIn(20) ? random.json() : random.quoted(address(random))));
    }
    if (random.oneIn(2)) {
      members.add("\"hours\":" + hours(random));
    }
    if (random.oneIn(3)) {
      members.add("\"owner\":" + owner(random));
    }
    members.add("\"more\":" + random.json());
    var bytes = ("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8);
    return random.oneIn(10)
        ? random.from(
            () -> random.broken(bytes), () -> random.json().getBytes(StandardCharsets.UTF_8))
        : bytes;
  }

  private static String workspace(RandomInput random) {
    return random.from(
        () -> random.quoted("andrew-laptop-" + random.below(100)),
        () -> random.quoted("a".repeat(random.below(70))),
        () ->
            random.quoted(
                random.of("-a", "A", "a_b", "a\n", "a\r\n[ERROR] forged", "٣", "a/b", "")),
        () -> random.quoted(random.wildText(20)),
        random::json);
  }

  private static String owner(RandomInput random) {
    return random.from(
        () ->
            random.of("\"arn:aws:iam::000000000000:user/andrew\"", "1", "null", "\"\"", "\"a b\""),
        () -> random.quoted("a".repeat(random.below(190))),
        () -> random.quoted(random.wildText(20)),
        random::json);
  }

  private static String hours(RandomInput random) {
    return random.from(
        () -> "" + (random.below(80) - 3),
        () -> "\"" + (random.below(80) - 3) + "\"",
        () -> random.of("1.0", "1e1", "\"٣\"", "\" 5\"", "\"05\"", "1e999999999", "null"),
        random::json);
  }

  private static String address(RandomInput random) {
    return random.from(
        () -> ipv4(random),
        () -> ipv4(random) + random.of("/32", "/0", "/31", "/128", "/032", " ", "\n", ":80", "\0"),
        () -> ipv6(random),
        () -> ipv6(random) + random.of("/128", "/64", "/0", "%eth0", "]", "\n"),
        () ->
            new String(
                random.broken(ipv4(random).getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8),
        () ->
            new String(
                random.broken(ipv6(random).getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8),
        () -> random.wildText(20));
  }

  private static String ipv4(RandomInput random) {
    var first =
        random.of(
            "8", "10", "100", "127", "169", "172", "192", "198", "203", "" + random.below(260));
    return first
        + "."
        + random.of(
            "0", "2", "16", "18", "31", "51", "64", "88", "168", "254", "" + random.below(260))
        + "."
        + random.of("0", "2", "99", "100", "113", "" + random.below(260))
        + "."
        + random.below(260);
  }

  private static String ipv6(RandomInput random) {
    var groups = new ArrayList<String>();
    groups.add(
        random.of("2a00", "2001", "2002", "3fff", "fd00", "fe80", "ff02", "64", "0", "", "5f00"));
    for (var count = random.below(7); count > 0; count--) {
      groups.add(
          random.of("0", "db8", "1", "FFFF", "", Integer.toHexString(random.below(0x10000))));
    }
    return String.join(":", groups) + random.of("::1", ":1", "::", "");
  }

  private static void assertAccepted(Map<String, @Nullable Object> members, Command command) {
    if (command instanceof Command.Open open) {
      assertEquals(members.get("workspace"), open.workspace());
      assertEquals("lambda:InvokeFunction/" + REQUEST_ID, open.caller().name());
      if (members.get("owner") instanceof String owner) {
        assertEquals(owner, open.caller().owner());
      }
      assertTrue(isPublic(open.address()), open::toString);
      assertTrue(open.duration().compareTo(Duration.ofDays(3)) <= 0, open::toString);
    }
  }

  private void checkRequest(RandomInput random) {
    var method = random.of("PUT", "PUT", "DELETE", "GET", "POST", "put", "");
    var source = address(random);
    var caller = random.oneIn(10) ? random.json() : "\"arn:aws:iam::000000000000:user/andrew\"";
    var workspace = workspace(random);
    var body =
        random.from(
            () -> new byte[0],
            () ->
                ("{\"hours\":" + hours(random) + ",\"address\":\"9.9.9.9\"}")
                    .getBytes(StandardCharsets.UTF_8),
            () -> random.broken("{\"hours\":5}".getBytes(StandardCharsets.UTF_8)));
    var event =
        ("{\"requestContext\":{\"authorizer\":{\"iam\":{\"userArn\":"
                + caller
                + "}},\"http\":{\"method\":\""
                + method
                + "\",\"sourceIp\":"
                + random.quoted(source)
                + "}},\"pathParameters\":{\"workspace\":"
                + workspace
                + "},\"isBase64Encoded\":true,\"body\":\""
                + Base64.getEncoder().encodeToString(body)
                + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    var read = StrictJson.object(event);
    if (read.isEmpty()) {
      // What was drawn is nested too deep, or has a name twice: the gateway makes no such event.
      return;
    }
    var members = read.get();
    var name =
        members.get("pathParameters") instanceof Map<?, ?> variables
            ? variables.get("workspace")
            : null;
    var expected = judge(method, source, caller, name, body);
    if (expected.isEmpty()) {
      var command = Command.parse(new HttpRequest(JsonObject.parse(event).orElseThrow()));
      assertFalse(command.toString().contains("9.9.9.9"), "the address is the connection's alone");
      assertTrue(command.toString().contains("owner=arn:aws:iam::000000000000:user/andrew]"));
      return;
    }
    var invocation = new Invocation();
    var response = StrictJson.object(invocation.call(function, event)).orElseThrow();
    assertEquals(
        expected.get(),
        response.get("statusCode") instanceof StrictJson.Literal(var status)
            ? status + " " + withoutReason(String.valueOf(response.get("body")))
            : "",
        () -> new String(event, StandardCharsets.UTF_8));
    assertEquals("", invocation.log());
  }

  private static Optional<String> judge(
      String method, String source, String caller, @Nullable Object workspace, byte[] body) {
    if (!caller.equals("\"arn:aws:iam::000000000000:user/andrew\"")) {
      return Optional.of("403 [\"signature_missing\"]");
    }
    var codes = new ArrayList<String>();
    switch (method) {
      case "GET" -> {
        return Optional.empty();
      }
      case "PUT" -> {
        var members =
            body.length == 0
                ? StrictJson.object("{}".getBytes(StandardCharsets.UTF_8))
                : StrictJson.object(body);
        if (members.isEmpty()) {
          return Optional.of("400 [\"json_malformed\"]");
        }
        if (!isWorkspace(workspace)) {
          codes.add("workspace_invalid");
        }
        if (!isPublic(source)) {
          codes.add("address_");
        }
        if (!isHours(members.get().get("hours"))) {
          codes.add("hours_invalid");
        }
      }
      case "DELETE" -> {
        if (!isWorkspace(workspace)) {
          codes.add("workspace_invalid");
        }
      }
      default -> {
        return Optional.of("405 [\"method_not_allowed\"]");
      }
    }
    return codes.isEmpty() ? Optional.empty() : Optional.of("422 " + array(codes));
  }

  private static String array(List<String> codes) {
    return "[\"" + String.join("\",\"", codes) + "\"]";
  }

  /** AddressReadingTest has the codes of addresses. */
  private static String withoutReason(String codes) {
    return codes.replaceAll("address_[a-z0-9_]+", "address_");
  }
}
