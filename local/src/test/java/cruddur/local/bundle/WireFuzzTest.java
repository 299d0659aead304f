package cruddur.local.bundle;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.local.BundleFixture;
import cruddur.local.template.Json;
import cruddur.testbed.Fuzz;
import cruddur.testbed.RandomInput;
import cruddur.testbed.RawHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random bytes over a socket to the bundle. Each response is one of the API or of the gateway,
 * errors are in JSON, and no log quotes a request.
 */
class WireFuzzTest {
  private static final Pattern RESPONSE =
      Pattern.compile(
          "HTTP/1\\.1 (?<status>[0-9]{3}) (?<head>.*?)\r\n\r\n(?<body>.*)", Pattern.DOTALL);
  private static final Pattern LENGTH =
      Pattern.compile("\r\ncontent-length: ([0-9]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern JSON =
      Pattern.compile("\r\ncontent-type: application/json\\b", Pattern.CASE_INSENSITIVE);

  /** The empty line after a head of at least one line. */
  private static final Pattern END_OF_HEAD = Pattern.compile("[^\\r\\n].*\n\r?\n", Pattern.DOTALL);

  /** With 429, since all posts have the same author. */
  private static final Set<String> STATUSES =
      Set.of(
          "200", "204", "400", "401", "403", "404", "413", "414", "415", "422", "429", "431",
          "505");

  private static BundleFixture bundle;
  private static String token;

  @BeforeAll
  static void start() throws Exception {
    bundle = BundleFixture.running();
    token = bundle.tokens("lennier").path("access_token").asText();
  }

  @Test
  void everyRequestIsAnsweredAndNoneIsQuotedInALog() throws Exception {
    Fuzz.run("HTTP over a socket", WireFuzzTest::check, 4);
    var logs = logs();
    assertTrue(logs.contains("json_malformed"), "the logs are those of the calls");
    assertFalse(logs.contains("secret"), "a log quotes a request");
    assertFalse(logs.contains("@example.com"), "a log has an address");
    assertFalse(logs.contains("\tat "), "a log has a stack trace");
  }

  private static void check(RandomInput random) throws IOException {
    var request = request(random);
    var sent = new String(request, StandardCharsets.ISO_8859_1);
    var received = RawHttp.send(bundle.ports().http(), request);
    if (received.isEmpty()) {
      assertFalse(END_OF_HEAD.matcher(sent).find(), () -> "no response to\n" + sent);
      return;
    }
    var response = RESPONSE.matcher(received);
    assertTrue(
        response.matches() && STATUSES.contains(response.group("status")),
        () -> sent + "\n" + received);
    if (response.group("status").compareTo("400") >= 0) {
      assertTrue(isRefusal(response.group("head"), response.group("body")), sent + "\n" + received);
    }
    assertFalse(received.contains("@example.com") || received.contains("\tat "), received);
  }

  /** Whether a response is a message of the gateway, or a list of the API's codes. */
  private static boolean isRefusal(String head, String rest) {
    var length = LENGTH.matcher(head);
    // More may follow: the server may have read the rest of the bytes as another request.
    var body = length.find() ? rest.substring(0, Integer.parseInt(length.group(1))) : rest;
    var json = Json.parse(body);
    return JSON.matcher(head).find()
        && (json.path("message").isTextual() || (json.isArray() && json.path(0).isTextual()));
  }

  private static byte[] request(RandomInput random) {
    var isPost = random.oneIn(2);
    var body = random.oneIn(3) ? random.bytes(60) : body(random);
    var line =
        isPost
            ? "POST /api/activities" + random.of("", "?user_handle=vir", "?%", "?a=%ff&a=1,2", "#x")
            : "GET " + target(random);
    var head = new ArrayList<String>();
    head.add(line + (random.oneIn(30) ? " HTTP/9" : " HTTP/1.1"));
    head.add(
        "Host: " + (random.oneIn(20) ? random.of("", "secret.example:x", "[::") : "127.0.0.1"));
    head.addAll(List.of("Connection: close", "Cookie: secret=1; ; =;,", "X-Secret: secret\u00e9"));
    if (isPost) {
      head.add("Authorization: " + authorization(random));
      head.add("Content-Length: " + body.length);
    }
    if (random.oneIn(2)) {
      head.add("Content-Type: " + random.of("application/json", "text/plain", "\u00ff,", "a/b;c="));
    }
    if (random.oneIn(3)) {
      head.add("Idempotency-Key: secret-" + random.of("1,2", "\u00e9", "", "x".repeat(300)));
    }
    if (random.oneIn(20)) {
      head.add(
          random.of(
              "no colon",
              ": no name",
              " folded: x",
              "A\0B: c",
              "X: secret\u0001\u001b[31m",
              "Content-Length: 1",
              "Transfer-Encoding: chunked",
              "X: " + "y".repeat(100_000)));
    }
    var all = new ByteArrayOutputStream();
    all.writeBytes((String.join("\r\n", head) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    if (isPost) {
      all.writeBytes(body);
    }
    return random.oneIn(8) ? random.broken(all.toByteArray()) : all.toByteArray();
  }

  private static byte[] body(RandomInput random) {
    var json =
        "{\"message\":" + random.quoted("secret" + random.wildText(40)) + ",\"ttl\":\"1-hour\"}";
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    return random.oneIn(4) ? random.broken(bytes) : bytes;
  }

  private static String target(RandomInput random) {
    return random.from(
        () ->
            "/api/activities/home?limit="
                + random.of("1", "0", "%31", "%00", "1&limit=2", "+1", "%"),
        () -> "/api/activities/home?before=" + random.of("secret", "%f0%9f%92%9a", "'--", "%zz"),
        () ->
            random.of(
                "/",
                "*",
                "",
                "//",
                "/..%2f..%2fpom.xml",
                "/%00",
                "/../pom.xml",
                "http://x/",
                "x:y"),
        () ->
            "/"
                + new String(random.bytes(20), StandardCharsets.ISO_8859_1)
                    .replaceAll("[\\s]", "+"));
  }

  private static String authorization(RandomInput random) {
    return random.oneIn(3)
        ? random.of(
            "",
            "Bearer",
            "Bearer null",
            "Basic secret",
            "Bearer secret.secret.secret",
            "\u00ff",
            "Bearer " + token.substring(1))
        : "Bearer " + token;
  }

  private static String logs() throws IOException {
    try (var files = Files.walk(bundle.data())) {
      var logs = new StringBuilder();
      for (var file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
        logs.append(Files.readString(file, StandardCharsets.ISO_8859_1)).append('\n');
      }
      return logs.toString();
    }
  }
}
