package cruddur.activities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import cruddur.activities.ActivitiesFixture.Response;
import cruddur.database.Database;
import cruddur.lambda.HttpRequest;
import cruddur.lambda.JsonObject;
import cruddur.testbed.CapturedOutput;
import cruddur.testbed.Invocation;
import cruddur.testbed.MessageCase;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreateActivityTest {
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");
  private static final String HELLO = "{\"message\": \"hello\", \"ttl\": \"7-days\"}";

  private static ActivitiesFixture fixture;
  private static CreateActivity function;

  @BeforeAll
  static void start() throws SQLException {
    fixture = new ActivitiesFixture();
    function = new CreateActivity(fixture.database, ActivitiesFixture.NO_LIMIT);
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void storesAndReturnsTheActivityWithItsAuthor() throws SQLException {
    var response = post(JSON, "{\"message\": \"new here\", \"ttl\": \"3-hours\", \"more\": [1]}");
    assertEquals(200, response.status());
    assertEquals(
        Map.of("content-type", "application/json", "x-content-type-options", "nosniff"),
        response.headers());
    assertEquals(
        "{uuid,display_name,handle,message,created_at,expires_at}",
        response.body().replaceAll("\"([a-z_]+)\" : \"[^\"]*\"", "$1").replace(" ", ""));
    assertEquals("Londo Mollari", response.member("display_name"));
    assertEquals("londo", response.member("handle"));
    assertEquals("new here", response.member("message"));
    assertEquals(
        1, fixture.count("uuid = '" + response.member("uuid") + "' and message = 'new here'"));
  }

  @ParameterizedTest
  @CsvSource({
    "30-days, 720",
    "7-days, 168",
    "3-days, 72",
    "1-day, 24",
    "12-hours, 12",
    "3-hours, 3",
    "1-hour, 1"
  })
  void expiresAfterItsTimeToLive(String ttl, int hours) {
    var response = post(JSON, "{\"message\": \"m\", \"ttl\": \"" + ttl + "\"}");
    var created = OffsetDateTime.parse(response.member("created_at"));
    var expires = OffsetDateTime.parse(response.member("expires_at"));
    assertEquals(Duration.ofHours(hours), Duration.between(created, expires));
    assertTrue(response.member("created_at").endsWith("+00:00"), response.body());
    assertTrue(
        Duration.between(created.toInstant(), Instant.now()).abs().compareTo(Duration.ofMinutes(1))
            < 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script> & 'quotes' \"double\" \\ back",
        "👩‍👩‍👧‍👦 👨🏿‍🚀 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "שלום עולם ‏ مرحبا",
        "line\nbreak\ttab\u0001",
        "'; drop table activities; -- $1 :message",
        "\uFEFFbom and \u200B zero width",
        "e\u0301 and \u00e9 stay apart"
      })
  void keepsTheMessageAsItIs(String message) throws SQLException {
    var body = ActivitiesFixture.object(Map.of("message", message, "ttl", "1-day"));
    var response = post(JSON, body);
    assertEquals(200, response.status(), response.body());
    assertEquals(message, response.member("message"));
    assertEquals(
        message,
        fixture.postgres.value(
            "select message from activities where uuid = '" + response.member("uuid") + "'"));
  }

  @Test
  void answersAScheduleAndWritesNothing() throws SQLException {
    var event = Invocation.sample("canary.json");
    fixture.postgres.execute(
        "alter role cruddur_activities set default_transaction_read_only = on");
    try (var database = new Database(fixture.postgres.url("cruddur_activities"));
        var printed = new CapturedOutput()) {
      var response =
          new Invocation().call(new CreateActivity(database, ActivitiesFixture.NO_LIMIT), event);
      assertEquals("{}", new String(response, StandardCharsets.UTF_8));
      assertEquals(List.of("Canary 1 Count function=test"), printed.metrics());
    } finally {
      fixture.postgres.execute("alter role cruddur_activities reset default_transaction_read_only");
    }
  }

  /**
   * A client chooses what is in the body, the headers and the query, and no member of the event.
   */
  @Test
  void takesNoScheduleFromAClient() throws SQLException {
    var text = new String(Invocation.sample("canary.json"), StandardCharsets.UTF_8);
    var chosen = Map.of("content-type", "application/json", "detail-type", "Scheduled Event");
    var event =
        ActivitiesFixture.event(
            ActivitiesFixture.accessToken(ActivitiesFixture.LONDO), chosen, chosen, text, false);
    assertRefused("422 ttl_blank message_blank", () -> ActivitiesFixture.call(function, event));
  }

  static List<MessageCase> messageCases() {
    return MessageCase.all();
  }

  @ParameterizedTest
  @MethodSource("messageCases")
  void answersEachMessageOfTheCases(MessageCase given) throws SQLException {
    var body = ActivitiesFixture.object(Map.of("message", given.message(), "ttl", "1-day"));
    if (given.isValid()) {
      var response = post(JSON, body);
      assertEquals(200, response.status(), response.body());
      assertEquals(given.message(), response.member("message"));
    } else {
      assertRefused("422 " + given.code(), () -> post(JSON, body));
    }
  }

  @Test
  void takes280CodePointsAndRefuses281() throws SQLException {
    assertEquals(
        200,
        post(JSON, ActivitiesFixture.object(Map.of("message", "💚".repeat(280), "ttl", "1-day")))
            .status());
    assertRefused(
        "422 message_exceed_max_chars",
        () ->
            post(
                JSON,
                ActivitiesFixture.object(Map.of("message", "💚".repeat(281), "ttl", "1-day"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          400 json_malformed |
          400 json_malformed | {
          400 json_malformed | []
          400 json_malformed | {'ttl': '1-day', 'message': 'm', 'ttl': '1-day'}
          422 ttl_blank message_blank | {}
          422 ttl_blank | {'message': 'm'}
          422 ttl_blank | {'message': 'm', 'ttl': 7}
          422 ttl_blank | {'message': 'm', 'ttl': '2-days'}
          422 ttl_blank | {'message': 'm', 'ttl': '7-DAYS'}
          422 message_blank | {'ttl': '1-day'}
          422 message_blank | {'ttl': '1-day', 'message': null}
          422 message_blank | {'ttl': '1-day', 'message': 5}
          422 message_blank | {'ttl': '1-day', 'message': ['m']}
          422 message_blank | {'ttl': '1-day', 'message': ''}
          422 message_blank message_exceed_max_chars | {'ttl': '1-day', 'message': 'LONG'}
          422 message_characters_invalid | {'ttl': '1-day', 'message': 'a\\u0000'}
          422 message_characters_invalid | {'ttl': '1-day', 'message': 'a\\ud83d'}
          422 message_characters_invalid | {'ttl': '1-day', 'message': 'a\\udc9a\\ud83d'}
          """)
  void refusesABody(String error, @Nullable String body) throws SQLException {
    var given = body == null ? "" : body.replace('\'', '"').replace("LONG", " ".repeat(281));
    assertRefused(error, () -> post(JSON, given));
  }

  @Test
  void namesAllThatIsWrongWithABody() throws SQLException {
    assertRefused(
        "422 ttl_blank message_blank message_exceed_max_chars message_characters_invalid",
        () -> post(JSON, "{\"message\": \"" + "\\u0000".repeat(281) + "\"}"));
  }

  @Test
  void refusesWhatIsNotUtf8() throws SQLException {
    for (var bytes :
        List.of(
            "{\"message\": \"caf\u00e9\", \"ttl\": \"1-day\"}"
                .getBytes(StandardCharsets.ISO_8859_1),
            HELLO.getBytes(StandardCharsets.UTF_16),
            new byte[] {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'})) {
      assertRefused("400 json_malformed", () -> post(Map.of(), bytes));
    }
  }

  @Test
  void readsABodyInBase64() {
    var response = post(Map.of(), HELLO.getBytes(StandardCharsets.UTF_8));
    assertEquals(200, response.status(), response.body());
    assertEquals("hello", response.member("message"));
  }

  @Test
  void refusesABodyOver64KibibytesBeforeReadingIt() throws SQLException {
    var fits =
        "{\"message\": \"m\", \"ttl\": \"1-day\", \"x\": \"" + "y".repeat(65_536 - 41) + "\"}";
    assertEquals(65_536, fits.length());
    assertEquals(200, post(JSON, fits).status());
    assertRefused("413 body_too_large", () -> post(JSON, fits + " "));
    assertRefused("413 body_too_large", () -> post(JSON, "é".repeat(32_769)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/problem+json",
        "application/j\u017fon",
        "application/json\u00a0",
        ""
      })
  void refusesAnotherContentType(String type) throws SQLException {
    assertRefused("415 content_type_unsupported", () -> post(Map.of("content-type", type), HELLO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "Application/JSON; charset=utf-8"})
  void acceptsJsonWithParameters(String type) {
    assertEquals(200, post(Map.of("content-type", type), HELLO).status());
  }

  @Test
  void refusesTokensThatAreNoUsersAccessToken() throws SQLException {
    var idToken =
        Map.of("sub", ActivitiesFixture.LONDO, "cognito:username", "londo", "token_use", "id");
    var machine = Map.of("sub", "client", "token_use", "access", "client_id", "client");
    for (var claims : List.of(idToken, machine, Map.<String, String>of())) {
      assertRefused(
          "403 token_not_allowed",
          () ->
              ActivitiesFixture.call(
                  function, ActivitiesFixture.event(claims, JSON, Map.of(), HELLO, false)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nobody", "sub-of-londo\u0000", "SUB-OF-LONDO", "sub-of-londo ", "sub-of-%"})
  void refusesAUserWithoutARow(String sub) throws SQLException {
    assertRefused("404 user_not_found", () -> ActivitiesFixture.post(function, sub, JSON, HELLO));
  }

  @Test
  void nobodyPostsAsAnother() throws SQLException {
    var body =
        ActivitiesFixture.object(
            Map.of(
                "user_handle", "vir",
                "handle", "vir",
                "sub", ActivitiesFixture.VIR,
                "user_uuid", fixture.postgres.value("select uuid from users where handle = 'vir'"),
                "message", "as myself",
                "ttl", "1-day"));
    var query =
        Map.of(
            "user_handle", "vir",
            "sub", ActivitiesFixture.VIR,
            "cognito_user_id", ActivitiesFixture.VIR);
    var headers = Map.of("content-type", "application/json", "x-user", ActivitiesFixture.VIR);
    var event =
        ActivitiesFixture.event(
            ActivitiesFixture.accessToken(ActivitiesFixture.LONDO), headers, query, body, false);
    assertEquals("londo", ActivitiesFixture.call(function, event).member("handle"));
  }

  @Test
  void repeatsTheResponseForAKeySeenBefore() throws SQLException {
    try (var printed = new CapturedOutput()) {
      var first = post(withKey("key-1"), HELLO);
      var second = post(withKey("key-1"), HELLO);
      assertEquals(200, second.status());
      assertEquals(first.body(), second.body());
      assertFalse(first.headers().containsKey("idempotency-replayed"));
      assertEquals("true", second.headers().get("idempotency-replayed"));
      assertEquals(List.of("Created 1 Count function=test"), printed.metrics(), "once");
    }
    assertEquals(1, fixture.count("idempotency_key = 'key-1'"));
  }

  @Test
  void refusesAKeySeenWithAnotherMessageOrTtl() throws SQLException {
    post(withKey("key-2"), HELLO);
    for (var body : List.of(HELLO.replace("hello", "other"), HELLO.replace("7-days", "1-day"))) {
      assertRefused("422 idempotency_key_reused", () -> post(withKey("key-2"), body));
    }
  }

  @Test
  void keepsTheKeysOfAuthorsApart() {
    var mine = post(withKey("key-3"), HELLO);
    var hers = ActivitiesFixture.post(function, ActivitiesFixture.VIR, withKey("key-3"), HELLO);
    assertEquals(200, hers.status());
    assertEquals("vir", hers.member("handle"));
    assertFalse(hers.member("uuid").equals(mine.member("uuid")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with space", "é", "tab\t", "\u007f"})
  void refusesAMalformedKey(String key) throws SQLException {
    assertRefused("422 idempotency_key_invalid", () -> post(withKey(key), HELLO));
    assertRefused(
        "422 ttl_blank message_blank idempotency_key_invalid", () -> post(withKey(key), "{}"));
  }

  @Test
  void takesAKeyOf255CharactersAndRefuses256() throws SQLException {
    assertEquals(200, post(withKey("~".repeat(255)), HELLO).status());
    assertRefused("422 idempotency_key_invalid", () -> post(withKey("~".repeat(256)), HELLO));
  }

  @Test
  void sixteenCallsAtOnceWithOneKeyPostOnce() throws Exception {
    Callable<Response> call =
        () -> {
          try (var database = new Database(fixture.postgres.url("cruddur_activities"))) {
            var environment = new CreateActivity(database, ActivitiesFixture.NO_LIMIT);
            return ActivitiesFixture.post(
                environment, ActivitiesFixture.LONDO, withKey("key-4"), HELLO);
          }
        };
    var uuids = new HashSet<String>();
    var replays = 0;
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (var response : threads.invokeAll(new ArrayList<>(Collections.nCopies(16, call)))) {
        assertEquals(200, response.get().status(), response.get().log());
        uuids.add(response.get().member("uuid"));
        replays += response.get().headers().containsKey("idempotency-replayed") ? 1 : 0;
      }
    }
    assertEquals(1, uuids.size());
    assertEquals(15, replays);
    assertEquals(1, fixture.count("idempotency_key = 'key-4'"));
  }

  @Test
  void threadsThatShareAHandlerTakeTurns() throws Exception {
    var before = fixture.count("true");
    try (var threads = Executors.newFixedThreadPool(8)) {
      Callable<Integer> call = () -> post(JSON, HELLO).status();
      for (var status : threads.invokeAll(new ArrayList<>(Collections.nCopies(80, call)))) {
        assertEquals(200, status.get());
      }
    }
    assertEquals(before + 80, fixture.count("true"));
  }

  @Test
  void answers503WhenThereIsNoDatabase() {
    var nowhere =
        new CreateActivity(
            new Database("postgresql://a:b@127.0.0.1:1/cruddur"), ActivitiesFixture.NO_LIMIT);
    try (var printed = new CapturedOutput()) {
      var response = ActivitiesFixture.post(nowhere, ActivitiesFixture.LONDO, JSON, HELLO);
      assertEquals(503, response.status());
      assertEquals("[\"database_unavailable\"]", response.body());
      assertEquals("1", response.headers().get("retry-after"));
      assertTrue(response.log().contains("sql/activities/create.sql"), response.log());
      // 08001, or 57014 on a machine that is too slow for it.
      var failure = "\\[DatabaseFailure 1 Count function=test sqlState=(08001|57014)]";
      assertTrue(printed.metrics().toString().matches(failure), printed.text());
    }
  }

  @Test
  void answers500AndLogsForABug() {
    var wrong =
        new CreateActivity(
            new Database(fixture.postgres.url("cruddur_users")), ActivitiesFixture.NO_LIMIT);
    var response = ActivitiesFixture.post(wrong, ActivitiesFixture.LONDO, JSON, HELLO);
    assertEquals(500, response.status());
    assertEquals("[\"internal_error\"]", response.body());
    assertTrue(response.log().contains("SQLSTATE 42501"), response.log());
    assertFalse(response.log().contains("hello"), response.log());
  }

  @Test
  void readsAndWritesWhatTheTypedEventsOfAwsDo() {
    var sample = Invocation.sample("create-activity.json");
    var typed =
        LambdaEventSerializers.serializerFor(
                APIGatewayV2HTTPEvent.class, getClass().getClassLoader())
            .fromJson(new ByteArrayInputStream(sample));
    var request = new HttpRequest(JsonObject.parse(sample).orElseThrow());
    assertEquals(typed.getBody(), new String(request.body().orElseThrow(), StandardCharsets.UTF_8));
    assertEquals(
        typed.getHeaders().get("content-type"), request.header("content-type").orElseThrow());
    assertEquals(
        typed.getRequestContext().getAuthorizer().getJwt().getClaims().get("sub"),
        request.claim("sub").orElseThrow());

    var response =
        LambdaEventSerializers.serializerFor(
                APIGatewayV2HTTPResponse.class, getClass().getClassLoader())
            .fromJson(new ByteArrayInputStream(new Invocation().call(function, sample)));
    assertEquals(404, response.getStatusCode());
    assertEquals("[\"user_not_found\"]", response.getBody());
    assertEquals("application/json", response.getHeaders().get("content-type"));
  }

  private static Map<String, String> withKey(String key) {
    return Map.of("content-type", "application/json", "idempotency-key", key);
  }

  private static Response post(Map<String, String> headers, String body) {
    return ActivitiesFixture.post(function, ActivitiesFixture.LONDO, headers, body);
  }

  private static Response post(Map<String, String> headers, byte[] body) {
    var base64 = Base64.getEncoder().encodeToString(body);
    return ActivitiesFixture.call(
        function,
        ActivitiesFixture.event(
            ActivitiesFixture.accessToken(ActivitiesFixture.LONDO),
            headers,
            Map.of(),
            base64,
            true));
  }

  private static void assertRefused(String error, Supplier<Response> call) throws SQLException {
    var before = fixture.count("true");
    try (var printed = new CapturedOutput()) {
      var response = call.get();
      assertEquals(
          error, response.status() + response.body().replaceAll("[^a-z_]+", " ").stripTrailing());
      assertEquals(
          Stream.of(error.split(" "))
              .skip(1)
              .map("Rejected 1 Count function=test code="::concat)
              .toList(),
          printed.metrics());
    }
    assertEquals(before, fixture.count("true"), "nothing is stored");
  }
}
