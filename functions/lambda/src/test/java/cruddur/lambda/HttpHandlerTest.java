package cruddur.lambda;

import static cruddur.lambda.HttpResponseTest.written;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.database.Database;
import cruddur.database.DatabaseException;
import cruddur.database.Sql;
import cruddur.testbed.CapturedOutput;
import cruddur.testbed.Invocation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpHandlerTest {
  private static final String REQUEST = "{\"queryStringParameters\": {\"a\": \"b\"}}";

  /** The failure of a role that the server does not have. */
  private static final List<String> SIGN_IN_REFUSED =
      List.of(
          "DatabaseFailure 1 Count function=test sqlState=28000",
          "SignInRefused 1 Count function=test");

  private final Invocation invocation = new Invocation();

  @Test
  void writesTheResponseToARequest() {
    assertEquals(
        written(HttpResponse.ok("[\"b\"]")),
        call(
            "cruddur_users",
            REQUEST,
            (request, _) -> HttpResponse.ok("[\"" + request.query("a").orElseThrow() + "\"]")));
    assertEquals("", invocation.log());
  }

  @Test
  void countsEachCodeOfARejection() {
    try (var printed = new CapturedOutput()) {
      call("cruddur_users", REQUEST, (_, _) -> HttpResponse.error(422, List.of("one", "two")));
      assertEquals(
          List.of(
              "Rejected 1 Count function=test code=one", "Rejected 1 Count function=test code=two"),
          printed.metrics());
    }
  }

  @Test
  void countsTheColdStart() {
    Metrics.COLD.set(true);
    try (var printed = new CapturedOutput()) {
      call("cruddur_users", REQUEST, (_, _) -> HttpResponse.ok("{}"));
      assertTrue(printed.text().contains("\"ColdStart\":1"), printed.text());
    }
  }

  @Test
  void answers503AndLogsWhenTheDatabaseDoesNotServe() {
    var query = Sql.load("canary.sql").query();
    try (var nowhere = database("nobody");
        var printed = new CapturedOutput()) {
      assertEquals(
          written(HttpResponse.error(503, "database_unavailable").with("retry-after", "1")),
          call(
              "cruddur_users",
              REQUEST,
              (_, context) -> {
                nowhere.run(query, TimeLeft.of(context));
                return HttpResponse.ok("{}");
              }));
      assertEquals(SIGN_IN_REFUSED, printed.metrics());
    }
    assertTrue(
        invocation.log().contains("Exception: sql/canary.sql failed with SQLSTATE 28000"),
        invocation.log());
  }

  @Test
  void answers500AndLogsABugWithoutItsMessage() {
    try (var printed = new CapturedOutput()) {
      assertEquals(
          written(HttpResponse.error(500, "internal_error")),
          call(
              "cruddur_users",
              REQUEST,
              (_, _) -> {
                throw new IllegalStateException("private", new ArithmeticException("private"));
              }));
      assertEquals(List.of(), printed.metrics());
    }
    var log = invocation.log();
    assertTrue(log.startsWith("java.lang.IllegalStateException\n\tat cruddur.lambda."), log);
    assertTrue(log.contains("\nCaused by: java.lang.ArithmeticException\n\tat cruddur."), log);
    assertFalse(log.contains("private"), log);
  }

  @Test
  void runsTheCanaryForASchedule() {
    try (var printed = new CapturedOutput()) {
      assertEquals("{}", call("cruddur_users", canary(), HttpHandlerTest::fail));
      assertEquals(List.of("Canary 1 Count function=test"), printed.metrics());
    }
  }

  @Test
  void failsAndLogsWhenTheDatabaseDoesNotServeTheCanary() {
    try (var printed = new CapturedOutput()) {
      assertThrows(DatabaseException.class, () -> call("nobody", canary(), HttpHandlerTest::fail));
      assertEquals(SIGN_IN_REFUSED, printed.metrics());
    }
    assertTrue(invocation.log().contains("SQLSTATE 28000"), invocation.log());
  }

  private static HttpResponse fail(HttpRequest request, Object context) {
    throw new AssertionError(request + " reached the handler of requests");
  }

  private static String canary() {
    return new String(Invocation.sample("canary.json"), StandardCharsets.UTF_8);
  }

  private String call(String role, String event, HttpHandler handler) {
    try (var database = database(role)) {
      var response =
          invocation.call(
              (input, output, context) ->
                  HttpHandler.handle(input, output, context, database, handler),
              event.getBytes(StandardCharsets.UTF_8));
      return new String(response, StandardCharsets.UTF_8);
    }
  }

  private static Database database(String role) {
    return new Database(SharedFixture.postgres().url(role));
  }
}
