package cruddur.local.lambda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.local.fixtures.SampleFunctions;
import cruddur.local.template.Json;
import cruddur.testbed.Http;
import cruddur.testbed.RawHttp;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvokeApiTest {
  private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:";

  @TempDir static Path folder;
  @AutoClose private static Functions functions;
  @AutoClose private static InvokeApi api;

  @BeforeAll
  static void start() {
    var template =
        SampleFunctions.template(
            folder,
            SampleFunctions.function("EchoFunction", "MemorySize: 256\nAutoPublishAlias: live"),
            SampleFunctions.function("SleepFunction", "Timeout: 5"),
            SampleFunctions.function("HastyFunction", "Timeout: 1"),
            SampleFunctions.function("ExitFunction", ""),
            SampleFunctions.function("FailFunction", ""),
            SampleFunctions.function("FailAtStartFunction", ""),
            SampleFunctions.function("BigFunction", "MemorySize: 256"),
            SampleFunctions.function(
                "EnvironmentFunction",
                """
                Environment:
                  Variables:
                    GREETING: hello
                    CONNECTION_URL: postgresql://reader@elsewhere:5432/x?sslmode=verify-full\
                """),
            SampleFunctions.function("LostFunction", "").replace("SampleHandler", "Lost"));
    functions = SampleFunctions.functions(template, folder);
    api = new InvokeApi(functions, 0);
  }

  @Test
  void answersByteForByte() throws Exception {
    var event = "  {\"a\" : [1.0, \"\\u00e9é\"],\n\"a\": null }".getBytes(UTF_8);
    var response = invoke("EchoFunction", event);
    assertEquals(200, response.statusCode());
    assertEquals("$LATEST", Http.header(response, "X-Amz-Executed-Version"));
    assertEquals(new String(event, UTF_8), response.body());
  }

  @Test
  void acceptsEveryFormOfAName() throws Exception {
    for (var name :
        new String[] {
          "EchoFunction:$LATEST",
          "EchoFunction%3Alive",
          "EchoFunction:1",
          "function:EchoFunction:1",
          "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3AEchoFunction",
          "arn:aws:lambda:us-east-1:000000000000:function:EchoFunction:live",
          "000000000000:EchoFunction",
          "000000000000:function:EchoFunction"
        }) {
      assertEquals("1", invoke(name, "1").body(), name);
    }
  }

  @Test
  void takesTheQualifierFromTheQueryToo() throws Exception {
    assertEquals("1", qualified("EchoFunction", "live").body());
    assertEquals("1", qualified("EchoFunction:live", "live").body());
    var unknown = qualified("EchoFunction", "nosuch");
    assertEquals(404, unknown.statusCode());
    assertMessage("Function not found: " + ARN + "EchoFunction:nosuch", unknown);
    var contradiction = qualified("EchoFunction:live", "$LATEST");
    assertError(400, "InvalidParameterValueException", contradiction);
  }

  @Test
  void refusesUnknownQualifiersAndForeignAddresses() throws Exception {
    for (var address :
        new String[] {
          ARN + "EchoFunction:nosuch",
          ARN + "EchoFunction:2",
          ARN + "EchoFunction:$latest",
          ARN + "FailFunction:live",
          ARN + "FailFunction:1",
          "arn:aws:lambda:eu-west-1:000000000000:function:EchoFunction",
          "arn:aws:lambda:eu-west-1:000000000000:function:EchoFunction:live",
          "arn:aws:lambda:us-east-1:111111111111:function:EchoFunction",
          "arn:aws-cn:lambda:us-east-1:000000000000:function:EchoFunction",
          "arn:aws:sns:us-east-1:000000000000:function:EchoFunction"
        }) {
      var names =
          address.startsWith(ARN)
              ? List.of(address, address.substring(ARN.length()))
              : List.of(address);
      for (var name : names) {
        var response = invoke(name, "1");
        assertError(404, "ResourceNotFoundException", response);
        assertMessage("Function not found: " + address, response);
      }
    }
    assertEquals(404, invoke("111111111111:EchoFunction", "1").statusCode());
  }

  private static HttpResponse<String> qualified(String name, String qualifier)
      throws IOException, InterruptedException {
    return Http.send("POST", address(name) + "?Qualifier=" + qualifier, "1");
  }

  private static void assertError(int status, String type, HttpResponse<String> response) {
    var actual = response.statusCode() + " " + Http.header(response, "X-Amzn-ErrorType");
    assertEquals(status + " " + type, actual, response.request().uri().toString());
  }

  private static void assertMessage(String message, HttpResponse<String> response) {
    assertEquals("application/json", Http.header(response, "Content-Type"));
    assertEquals(message, Json.parse(response.body()).path("Message").asText());
  }

  @Test
  void givesAnEmptyObjectForNoEvent() throws Exception {
    assertEquals("{}", invoke("EchoFunction", new byte[0]).body());
  }

  @Test
  void refusesWhatIsNotJson() throws Exception {
    for (var event : new String[] {"{", "{} x", "1 2", " "}) {
      var response = invoke("EchoFunction", event);
      assertError(400, "InvalidRequestContentException", response);
    }
  }

  @Test
  void refusesWhatIsNotUtf8() throws Exception {
    for (var event :
        List.of(
            new byte[] {'"', (byte) 0xff, '"'},
            new byte[] {'"', (byte) 0xc3, '"'},
            new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
            "\"é\"".getBytes(ISO_8859_1),
            "{}".getBytes(UTF_16))) {
      var response = invoke("EchoFunction", event);
      assertError(400, "InvalidRequestContentException", response);
      assertMessage("Could not parse request body into json: it is not UTF-8", response);
    }
  }

  @Test
  void refusesAnUnknownInvocationType() throws Exception {
    var response = invoke("EchoFunction", "{}", "X-Amz-Invocation-Type", "Whatever");
    assertError(400, "InvalidParameterValueException", response);
  }

  @Test
  void refusesWhatIsNoRequestInTheFormOfLambda() throws Exception {
    var path = "POST /2015-03-31/functions/EchoFunction/invocations";
    for (var request :
        List.of(
            path + "?% HTTP/1.1\r\nHost: x\r\n\r\n",
            path + " HTTP/1.1\r\nno colon\r\n\r\n",
            path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")) {
      var response = RawHttp.send(api.port(), request.getBytes(UTF_8));
      assertTrue(response.startsWith("HTTP/1.1 400 Bad Request\r\n"), response);
      assertTrue(
          response.contains("x-amzn-errortype: InvalidRequestContentException\r\n"), response);
      assertTrue(response.endsWith("{\"Type\":\"User\",\"Message\":\"Bad Request\"}"), response);
    }
    assertEquals("1", invoke("EchoFunction", "1").body());
  }

  @Test
  void refusesAnUnknownFunction() throws Exception {
    var response = invoke("AbsentFunction", "{}");
    assertError(404, "ResourceNotFoundException", response);
    assertEquals(
        "{\"Type\":\"User\",\"Message\":\"Function not found:"
            + " arn:aws:lambda:us-east-1:000000000000:function:AbsentFunction\"}",
        response.body());
  }

  @Test
  void queuesEventsAndChecksDryRuns() throws Exception {
    assertEquals(202, invoke("EchoFunction", "{}", "X-Amz-Invocation-Type", "Event").statusCode());
    assertEquals(204, invoke("EchoFunction", "{}", "X-Amz-Invocation-Type", "DryRun").statusCode());
  }

  @Test
  void endsWhatTakesTooLongAndGoesOn() throws Exception {
    var slow = invoke("HastyFunction", "5000", "X-Amz-Log-Type", "Tail");
    assertEquals(200, slow.statusCode());
    assertEquals("Unhandled", Http.header(slow, "X-Amz-Function-Error"));
    assertEquals(
        "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: %s Error: Task timed out after 1.00 seconds\"}"
            .formatted(Http.header(slow, "X-Amzn-RequestId")),
        slow.body());
    assertTrue(log(slow).contains("Task timed out after 1.00 seconds"), log(slow));
    assertTrue(invoke("HastyFunction", "0").headers().firstValue("X-Amz-Function-Error").isEmpty());
  }

  @Test
  void reportsADeadProcessAndGoesOn() throws Exception {
    var dead = invoke("ExitFunction", "1");
    assertEquals("Unhandled", Http.header(dead, "X-Amz-Function-Error"));
    assertEquals(
        "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: %s Error: Runtime exited with error: exit status 1\"}"
            .formatted(Http.header(dead, "X-Amzn-RequestId")),
        dead.body());
    assertTrue(invoke("ExitFunction", "0").body().contains("without providing a reason"));
  }

  @Test
  void passesOnWhatTheHandlerThrew() throws Exception {
    for (var round = 0; round < 2; round++) {
      var failed = invoke("FailFunction", "\"too bad\"");
      assertEquals("Unhandled", Http.header(failed, "X-Amz-Function-Error"));
      var error = Json.parse(failed.body());
      assertEquals("too bad", error.path("errorMessage").asText());
      assertEquals("java.lang.IllegalStateException", error.path("errorType").asText());
    }
  }

  @Test
  void passesOnWhyAHandlerDidNotStart() throws Exception {
    var broken = invoke("FailAtStartFunction", "{}");
    assertEquals("Unhandled", Http.header(broken, "X-Amz-Function-Error"));
    assertTrue(broken.body().contains("no start"), broken.body());
    var lost = invoke("LostFunction", "{}");
    assertTrue(lost.body().contains("Class not found"), lost.body());
  }

  @Test
  void limitsEventsAndResponses() throws Exception {
    var mebibytes = 1024 * 1024;
    var event = ("\"" + "y".repeat(6 * mebibytes - 2) + "\"").getBytes(UTF_8);
    assertEquals(new String(event, UTF_8), invoke("EchoFunction", event).body());
    var tooLarge =
        invoke("EchoFunction", ("\"" + "y".repeat(6 * mebibytes) + "\"").getBytes(UTF_8));
    assertError(413, "RequestEntityTooLargeException", tooLarge);

    assertEquals(6_291_556, invoke("BigFunction", "6291556").body().length());
    var response = invoke("BigFunction", "6291557");
    assertEquals("Unhandled", Http.header(response, "X-Amz-Function-Error"));
    assertTrue(response.body().contains("Function.ResponseSizeTooLarge"), response.body());
    assertEquals(9, invoke("BigFunction", "9").body().length());
  }

  @Test
  void logsAndGivesTheTemplatesEnvironmentAlone() throws Exception {
    var response = invoke("EnvironmentFunction", "\"this\"", "X-Amz-Log-Type", "Tail");
    var log = log(response);
    assertTrue(log.startsWith("START RequestId: "), log);
    assertTrue(log.contains("printed this\n"), log);
    assertTrue(log.contains("logged this\nlogged again\n"), log);
    assertTrue(log.contains("\tInit Duration: "), log);
    var variables = response.body().lines().toList();
    assertTrue(variables.contains("GREETING=hello"), response.body());
    assertTrue(
        variables.contains("CONNECTION_URL=postgresql://reader:local@127.0.0.1:1/cruddur"),
        response.body());
    assertTrue(variables.stream().noneMatch(variable -> variable.startsWith("HOME=")));
  }

  @Test
  void runsSixteenCallsAtOnce() throws Exception {
    var responses = new ArrayList<Future<HttpResponse<String>>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call = 0; call < 16; call++) {
        responses.add(threads.submit(() -> invoke("SleepFunction", "1500")));
      }
    }
    var processes = new HashSet<String>();
    for (var response : responses) {
      assertEquals(200, response.get().statusCode());
      processes.add(response.get().body());
    }
    assertEquals(16, processes.size());
    assertTrue(processes.contains(invoke("SleepFunction", "0").body()));
  }

  private static HttpResponse<String> invoke(String name, byte[] event, String... headers)
      throws IOException, InterruptedException {
    return Http.send("POST", address(name), event, headers);
  }

  private static HttpResponse<String> invoke(String name, String event, String... headers)
      throws IOException, InterruptedException {
    return invoke(name, event.getBytes(UTF_8), headers);
  }

  private static String address(String name) {
    return "http://127.0.0.1:%d/2015-03-31/functions/%s/invocations".formatted(api.port(), name);
  }

  private static String log(HttpResponse<?> response) {
    return new String(Base64.getDecoder().decode(Http.header(response, "X-Amz-Log-Result")), UTF_8);
  }
}
