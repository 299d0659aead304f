package cruddur.local;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import cruddur.local.Options.Part;
import cruddur.testbed.Chance;
import cruddur.testbed.Tries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes of any kind over a socket to the whole bundle: what comes back is an answer of the contract
 * or the gateway's own, or a closed connection; and no log quotes what was sent.
 */
class HostileWireTest {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 ([0-9]{3}) .*");
  private static final Set<String> STATUSES =
      Set.of("200", "204", "400", "401", "403", "404", "413", "415", "422");

  @TempDir static Path data;
  private static LocalCloud cloud;
  private static Options options;
  private static String token;

  @BeforeAll
  static void start() throws Exception {
    options = new Options(EndToEndTest.freePorts(), data);
    cloud = new LocalCloud(Path.of(".."), options);
    cloud.start();
    token = token();
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Test
  void everyRequestIsAnsweredAndNoneIsQuotedInALog() throws Exception {
    Tries.run("HTTP over a socket", HostileWireTest::check, 4);
    var logs = logs();
    assertTrue(logs.contains("json_malformed"), "the logs are those of the calls");
    assertFalse(logs.contains("canary"), "a log quotes what was sent");
    assertFalse(logs.contains("@example.com"), "a log has an address");
    assertFalse(logs.contains("\tat "), "a log has a stack trace");
  }

  private static void check(Chance chance) throws IOException {
    var request = request(chance);
    var answer = send(request);
    if (answer.isEmpty()) {
      return;
    }
    var status = STATUS_LINE.matcher(answer.lines().findFirst().orElse(""));
    var sent = new String(request, StandardCharsets.ISO_8859_1);
    assertTrue(status.matches() && STATUSES.contains(status.group(1)), () -> sent + "\n" + answer);
    assertFalse(answer.contains("@example.com") || answer.contains("\tat "), answer);
  }

  private static byte[] request(Chance chance) throws IOException {
    var isPost = chance.oneIn(2);
    var body = chance.oneIn(3) ? chance.bytes(60) : body(chance);
    var line =
        isPost
            ? "POST /api/activities" + chance.of("", "?user_handle=vir", "?%", "?a=%ff&a=1,2", "#x")
            : "GET " + target(chance);
    var head =
        new StringBuilder(line).append(chance.oneIn(30) ? " HTTP/9" : " HTTP/1.1").append("\r\n");
    head.append("Host: ")
        .append(chance.of("127.0.0.1", "", "canary.example:x", "[::"))
        .append("\r\n");
    head.append("Connection: close\r\n");
    head.append("Cookie: canary=1; ; =;,\r\n");
    head.append("X-Canary: canary\u00e9\u0001\u001b[31m\r\n");
    if (isPost) {
      head.append("Authorization: ").append(authorization(chance)).append("\r\n");
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    if (chance.oneIn(2)) {
      head.append("Content-Type: ")
          .append(chance.of("application/json", "text/plain", "\u00ff,", "a/b;c="))
          .append("\r\n");
    }
    if (chance.oneIn(3)) {
      head.append("Idempotency-Key: canary-")
          .append(chance.of("1,2", "\u00e9", "", "x".repeat(300)))
          .append("\r\n");
    }
    if (chance.oneIn(20)) {
      head.append(
          chance.of(
              "no colon\r\n",
              ": no name\r\n",
              " folded: x\r\n",
              "A\0B: c\r\n",
              "X: " + "y".repeat(100_000) + "\r\n"));
    }
    head.append("\r\n");
    var all = new ByteArrayOutputStream();
    all.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (isPost) {
      all.write(body);
    }
    return chance.oneIn(8) ? chance.broken(all.toByteArray()) : all.toByteArray();
  }

  private static byte[] body(Chance chance) {
    var json =
        "{\"message\":" + chance.quoted("canary" + chance.wildText(40)) + ",\"ttl\":\"1-hour\"}";
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    return chance.oneIn(4) ? chance.broken(bytes) : bytes;
  }

  private static String target(Chance chance) {
    return chance.from(
        () ->
            "/api/activities/home?limit="
                + chance.of("1", "0", "%31", "%00", "1&limit=2", "+1", "%"),
        () -> "/api/activities/home?before=" + chance.of("canary", "%f0%9f%92%9a", "'--", "%zz"),
        () ->
            chance.of(
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
                + new String(chance.bytes(20), StandardCharsets.ISO_8859_1)
                    .replaceAll("[\\s]", "+"));
  }

  private static String authorization(Chance chance) {
    return chance.oneIn(3)
        ? chance.of(
            "",
            "Bearer",
            "Bearer null",
            "Basic canary",
            "Bearer canary.canary.canary",
            "\u00ff",
            "Bearer " + token.substring(1))
        : "Bearer " + token;
  }

  /** What comes back until the other side closes, or nothing in time for what was cut short. */
  private static String send(byte[] request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), options.port(Part.HTTP))) {
      socket.setSoTimeout(Math.toIntExact(LONGEST_WAIT.toMillis()));
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketTimeoutException late) {
      throw new AssertionError("no answer", late);
    } catch (IOException closed) {
      return "";
    }
  }

  private static String token() throws Exception {
    var form =
        Map.of(
            "grant_type",
            "password",
            "client_id",
            "local",
            "username",
            "londo",
            "password",
            "-",
            "scope",
            "openid");
    var address = "http://127.0.0.1:" + options.port(Part.IDENTITY) + "/cruddur/token";
    JsonNode tokens = Json.parse(Http.post(address, form).body().getBytes(StandardCharsets.UTF_8));
    return tokens.path("access_token").asText();
  }

  private static String logs() throws IOException {
    try (var files = Files.walk(data)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .map(HostileWireTest::read)
          .collect(Collectors.joining("\n"));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }
}
