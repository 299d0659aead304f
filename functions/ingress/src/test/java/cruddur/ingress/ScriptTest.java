package cruddur.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import cruddur.lambda.JsonObject;
import cruddur.testbed.Invocation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs bin/rds-update-sg-rule against the function, behind a small gateway. */
class ScriptTest {
  private static final Path SCRIPT = Path.of("../../bin/rds-update-sg-rule").toAbsolutePath();
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static int groups;

  private GroupFixture ec2;
  private SecurityGroupUpdater function;
  private HttpServer gateway;
  private String authorization = "";
  private String sourceAddress = "8.8.4.4";
  private int refusalsLeft;

  /** What a run of the script wrote and how it ended. */
  private record Run(int status, String output, String talk) {}

  @BeforeEach
  void start() throws IOException {
    var moto = SharedFixture.moto();
    ec2 = new GroupFixture(moto.endpoint(), "script-" + ++groups);
    function =
        new SecurityGroupUpdater(
            ec2.through(moto.endpoint()), SharedFixture.database(), () -> NOON);
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext("/api/ingress", this::answerAsGateway);
    gateway.createContext("/2015-03-31/functions", this::answerAsLambda);
    gateway.createContext("/check-ip", exchange -> send(exchange, 200, sourceAddress + "\n"));
    gateway.start();
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.stop(0);
      ec2.close();
    }
  }

  private void answerAsGateway(HttpExchange exchange) throws IOException {
    authorization = String.valueOf(exchange.getRequestHeaders().getFirst("authorization"));
    if (refusalsLeft-- > 0) {
      send(exchange, 503, "{\"message\": \"Service Unavailable\"}");
      return;
    }
    var path = exchange.getRequestURI().getPath();
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var event =
        """
        {"pathParameters": {"workspace": "%s"}, "body": "%s", "requestContext": {
          "authorizer": {"iam": {"userArn": "arn:aws:iam::123456789012:user/andrew"}},
          "http": {"method": "%s", "sourceIp": "%s"}}}\
        """
            .formatted(
                path.substring(path.lastIndexOf('/') + 1),
                body.replace("\"", "\\\""),
                exchange.getRequestMethod(),
                sourceAddress);
    var response = JsonObject.parse(call(event)).orElseThrow();
    send(
        exchange,
        Integer.parseInt(response.scalar("statusCode").orElseThrow()),
        response.string("body").orElseThrow());
  }

  private void answerAsLambda(HttpExchange exchange) throws IOException {
    var event = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    try {
      send(exchange, 200, call(event));
    } catch (RefusedException invalid) {
      exchange.getResponseHeaders().set("x-amz-function-error", "Unhandled");
      var message = String.valueOf(invalid.getMessage()).replace("\"", "\\\"");
      send(exchange, 200, "{\"errorMessage\": \"" + message + "\"}");
    }
  }

  private String call(String event) {
    var response = new Invocation().call(function, event.getBytes(StandardCharsets.UTF_8));
    return new String(response, StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Test
  void opensMovesListsAndClosesByHttp() throws Exception {
    var opened = run("--workspace", "andrew-laptop", "--hours", "3");
    assertEquals(
        new Run(0, "andrew-laptop: opened 8.8.4.4 until 2026-01-01T15:00:00+00:00\n", ""), opened);
    assertTrue(
        authorization.startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
            && authorization.contains("/eu-north-1/execute-api/aws4_request"),
        authorization);
    sourceAddress = "8.8.8.8";
    assertEquals(
        "andrew-laptop: moved 8.8.8.8 until 2026-01-02T00:00:00+00:00, closed 8.8.4.4\n",
        run("--workspace", "andrew-laptop").output());
    var list = run("--list").output();
    assertTrue(list.contains("\"address\":\"8.8.8.8\""), list);
    assertTrue(list.contains("\"owner\":\"arn:aws:iam::123456789012:user/andrew\""), list);
    assertEquals(
        "andrew-laptop: closed 8.8.8.8\n", run("--workspace", "andrew-laptop", "--close").output());
    assertEquals(
        "nothing was open for andrew-laptop\n",
        run("--workspace", "andrew-laptop", "--close").output());
    assertEquals("[]\n", run("--list").output());
  }

  /** The gateway responds with 503 if the function has no concurrency left. */
  @Test
  void repeatsWhileTheFunctionServesAnotherCall() throws Exception {
    refusalsLeft = 1;
    assertEquals(
        "a: opened 8.8.4.4 until 2026-01-02T00:00:00+00:00\n", run("--workspace", "a").output());
  }

  @Test
  void saysWhyTheApiRefuses() throws Exception {
    sourceAddress = "10.0.0.1";
    var run = run("--workspace", "a");
    assertEquals(1, run.status());
    assertEquals("", run.output());
    assertTrue(run.talk().contains("422 [\"address_private\"]"), run.talk());
  }

  @Test
  void opensAndClosesByLambda() throws Exception {
    assumeTrue(isThere("aws"), "skipped, since the AWS CLI is not there");
    assertEquals(
        new Run(0, "a: opened 8.8.4.4 until 2026-01-02T00:00:00+00:00\n", ""),
        run("--via", "lambda", "--workspace", "a"));
    assertEquals(
        "a: closed 8.8.4.4\n", run("--via", "lambda", "--workspace", "a", "--close").output());
    sourceAddress = "127.0.0.1";
    var run = run("--via", "lambda", "--workspace", "a");
    assertEquals(1, run.status());
    assertTrue(run.talk().contains("address_loopback"), run.talk());
  }

  @Test
  void refusesBadUsageAndExplainsItself() throws Exception {
    assertEquals(2, run("--hours", "73").status());
    assertEquals(2, run("--hours").status());
    assertEquals(2, run("--workspace", "a b").status());
    assertEquals(2, run("--via", "mail").status());
    assertEquals(2, run("prod").status());
    var help = run("--help");
    assertEquals(0, help.status());
    assertTrue(help.output().contains("Usage: bin/rds-update-sg-rule"), help.output());
  }

  private static boolean isThere(String command) throws Exception {
    return new ProcessBuilder("bash", "-c", "command -v " + command).start().waitFor() == 0;
  }

  private Run run(String... arguments) throws Exception {
    var address = "http://127.0.0.1:" + gateway.getAddress().getPort();
    var command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    var talk = Files.createTempFile("rds-update-sg-rule", ".err");
    var builder = new ProcessBuilder(command).redirectError(talk.toFile());
    var environment = builder.environment();
    environment.put("API_URL", address);
    environment.put("LAMBDA_ENDPOINT_URL", address);
    environment.put("INGRESS_FUNCTION", "SecurityGroupUpdaterFunction:live");
    environment.put("CHECK_IP_URL", address + "/check-ip");
    environment.put("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    environment.put("AWS_SECRET_ACCESS_KEY", "secret/example+");
    environment.put("AWS_REGION", "eu-north-1");
    try {
      var process = builder.start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Run(process.waitFor(), output, Files.readString(talk));
    } finally {
      Files.delete(talk);
    }
  }
}
