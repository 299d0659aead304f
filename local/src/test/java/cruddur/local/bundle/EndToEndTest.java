package cruddur.local.bundle;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.local.BundleFixture;
import cruddur.local.template.Json;
import cruddur.testbed.Http;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundle on the emulator: the packaged jars under AWS's runtime client, and template.yaml. */
class EndToEndTest {
  private static final String POST = "/api/activities";
  private static final String HOME = "/api/activities/home";

  private static BundleFixture bundle;

  @BeforeAll
  static void start() throws IOException {
    bundle = BundleFixture.running();
  }

  @Test
  void aConfirmedSignUpIsEchoedAndBecomesOneRow() throws Exception {
    for (var sample :
        List.of("post-confirmation", "post-confirmation-forgot-password", "post-authentication")) {
      var event = Files.readAllBytes(BundleFixture.ROOT.resolve("events/" + sample + ".json"));
      Callable<HttpResponse<String>> call = () -> bundle.invoke("PostConfirmationFunction", event);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var response : threads.invokeAll(Collections.nCopies(4, call))) {
          assertEquals(
              "", Http.header(response.get(), "X-Amz-Function-Error"), response.get().body());
          assertArrayEquals(event, response.get().body().getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    assertEquals("1", bundle.value("select count(*) from users where handle = 'delenn'"));
  }

  @Test
  void aSignedInUsersActivityIsFirstInTheFeed() throws Exception {
    var response = post(token("garibaldi"), "{\"message\": \"Trust me. 💚\", \"ttl\": \"1-day\"}");
    assertEquals(200, response.statusCode(), response.body());
    var made = Json.parse(response.body());
    assertEquals("garibaldi", made.path("handle").asText());
    var first = Json.parse(get(HOME + "?limit=1").body()).path(0);
    assertEquals(made.path("uuid"), first.path("uuid"));
    assertEquals("Trust me. 💚", first.path("message").asText());
    assertEquals(10, first.size());
  }

  @Test
  void theFeedPagesByItsLinksToTheEnd() throws Exception {
    var token = token("ivanova");
    for (var number = 0; number < 5; number++) {
      post(token, "{\"message\": \"activity " + number + "\", \"ttl\": \"1-hour\"}");
    }
    var seen = new ArrayList<String>();
    var link = HOME + "?limit=2";
    while (!link.isEmpty()) {
      var page = get(link);
      assertEquals(200, page.statusCode());
      Json.parse(page.body()).forEach(item -> seen.add(item.path("uuid").asText()));
      link = Http.header(page, "link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    }
    assertEquals(seen.stream().distinct().sorted((a, b) -> b.compareTo(a)).toList(), seen);
    assertEquals(
        bundle.value("select count(*) from activities where expires_at > now()"), "" + seen.size());
  }

  @Test
  void aSignInWithASeedUsersNameUsesTheSeedRow() throws Exception {
    for (var name : new String[] {"andrewbrown", "altbrown", "bayko", "londo"}) {
      var response = post(token(name), "{\"message\": \"hello\", \"ttl\": \"1-hour\"}");
      assertEquals(name, Json.parse(response.body()).path("handle").asText());
    }
    assertEquals(
        "4",
        bundle.value(
            "select count(*) from users where email like '%brown@%' or handle in ('bayko',"
                + " 'londo')"));
  }

  @Test
  void aFirstSignInWritesTheRowBeforeTheTokenIsThere() throws Exception {
    var token = token("franklin");
    assertEquals("1", bundle.value("select count(*) from users where handle = 'franklin'"));
    assertFalse(token.isEmpty());
  }

  @Test
  void aUserWithoutARowGetsItByTheNextSignIn() throws Exception {
    var activity = "{\"message\": \"Zathras is here.\", \"ttl\": \"1-hour\"}";
    var token = token("zathras");
    bundle.execute("delete from users where handle = 'zathras'");
    assertResponse(404, "[\"user_not_found\"]", post(token, activity));
    var response = post(token("zathras"), activity);
    assertEquals(200, response.statusCode(), response.body());
    assertEquals("1", bundle.value("select count(*) from users where handle = 'zathras'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          400 | ["json_malformed"] | {"message"
          400 | ["json_malformed"] | [1]
          400 | ["json_malformed"] | {"a":1,"a":2}
          400 | ["json_malformed"] | {"message":"m","ttl":"1-day"} x
          422 | ["ttl_blank","message_blank"] | {}
          422 | ["ttl_blank"] | {"message":"m","ttl":"2-days"}
          422 | ["message_blank"] | {"message":"\\u200b \\n","ttl":"1-day"}
          422 | ["message_characters_invalid"] | {"message":"a\\u0000","ttl":"1-day"}
          422 | ["message_characters_invalid"] | {"message":"a\\ud800","ttl":"1-day"}
          """)
  void anInvalidBodyGetsItsCodesAndStoresNothing(int status, String codes, String body)
      throws Exception {
    var token = token("sheridan");
    var before = bundle.value("select count(*) from activities");
    var response = post(token, body);
    assertEquals(status + " " + codes, response.statusCode() + " " + response.body());
    assertEquals("application/json", Http.header(response, "content-type"));
    assertEquals("nosniff", Http.header(response, "x-content-type-options"));
    assertEquals(before, bundle.value("select count(*) from activities"));
  }

  @Test
  void pagesOfTheChosenPortAndOfTheDefaultOneMayCall() {
    var port = bundle.ports().http();
    assertAll(
        Stream.of(
                "http://127.0.0.1:" + port,
                "http://localhost:" + port,
                "http://127.0.0.1:3000",
                "http://localhost:3000")
            .map(origin -> () -> assertEquals(origin, allowedOrigin(origin))));
    assertAll(
        Stream.of("http://127.0.0.1:1", "http://localhost.example:" + port, "null")
            .map(origin -> () -> assertEquals("", allowedOrigin(origin), origin)));
  }

  private static String allowedOrigin(String origin) throws Exception {
    var headers = new String[] {"Origin", origin, "Access-Control-Request-Method", "POST"};
    var preflight = Http.send("OPTIONS", address(POST), "", headers);
    assertEquals(204, preflight.statusCode());
    var feed = Http.get(address(HOME), "Origin", origin);
    assertEquals(200, feed.statusCode());
    var allowed = Http.header(preflight, "access-control-allow-origin");
    assertEquals(allowed, Http.header(feed, "access-control-allow-origin"), origin);
    return allowed;
  }

  @Test
  void otherErrorsOfTheContractAreAnsweredToo() throws Exception {
    var token = token("sheridan");
    var fine = "{\"message\": \"m\", \"ttl\": \"1-day\"}";
    var before = bundle.value("select count(*) from activities");
    assertEquals(401, send("", fine).statusCode());
    assertEquals(401, post("nonsense", fine).statusCode());
    assertResponse(403, "[\"token_not_allowed\"]", post(token("sheridan", "id_token"), fine));
    assertResponse(403, "[\"token_not_allowed\"]", post(machineToken(), fine));
    assertResponse(
        413, "[\"body_too_large\"]", post(token, "{\"message\": \"" + "m".repeat(65_536) + "\"}"));
    assertResponse(
        415, "[\"content_type_unsupported\"]", send(token, fine, "content-type", "text/plain"));
    assertResponse(
        400,
        "[\"json_malformed\"]",
        send(
            token,
            "{\"message\": \"é\", \"ttl\": \"1-day\"}".getBytes(StandardCharsets.ISO_8859_1),
            "content-type",
            "application/json"));
    assertResponse(
        422,
        "[\"message_exceed_max_chars\"]",
        post(token, "{\"message\": \"" + "💚".repeat(281) + "\", \"ttl\": \"1-day\"}"));
    var json = new String[] {"content-type", "application/json", "idempotency-key", "not a key"};
    assertResponse(422, "[\"idempotency_key_invalid\"]", send(token, fine, json));
    assertResponse(422, "[\"limit_invalid\",\"before_invalid\"]", get(HOME + "?limit=0&before=x"));
    var lost = token("lost-user");
    bundle.execute("delete from users where handle = 'lost-user'");
    assertResponse(404, "[\"user_not_found\"]", post(lost, fine));
    assertEquals(before, bundle.value("select count(*) from activities"));
  }

  @Test
  void aKeySeenBeforeIsReplayedOrRefused() throws Exception {
    var token = token("kosh");
    var headers = new String[] {"content-type", "application/json", "idempotency-key", "key-1"};
    var fine = "{\"message\": \"Yes.\", \"ttl\": \"1-day\"}";
    var first = send(token, fine, headers);
    var second = send(token, fine, headers);
    assertEquals(first.body(), second.body());
    assertEquals("true", Http.header(second, "idempotency-replayed"));
    var other = fine.replace("Yes", "No");
    assertResponse(422, "[\"idempotency_key_reused\"]", send(token, other, headers));
    assertEquals(
        "1", bundle.value("select count(*) from activities where idempotency_key = 'key-1'"));
  }

  @Test
  void readsAtOnceAllSucceed() throws Exception {
    Callable<Integer> call = () -> get(HOME).statusCode();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var status : threads.invokeAll(Collections.nCopies(4, call))) {
        assertEquals(200, status.get());
      }
    }
  }

  @Test
  void theFeedNeedsNoTokenAndShowsNoAddress() throws Exception {
    var response = Http.get(address(HOME), "authorization", "Bearer null");
    assertEquals(200, response.statusCode());
    assertFalse(
        response.body().contains("@") || response.body().contains("cognito"), response.body());
    assertTrue(Json.parse(response.body()).isArray());
  }

  private static void assertResponse(int status, String body, HttpResponse<String> response) {
    assertEquals(status + " " + body, response.statusCode() + " " + response.body());
  }

  private static String address(String path) {
    return bundle.ports().page(path);
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return Http.get(address(path));
  }

  private static HttpResponse<String> post(String token, String body) throws Exception {
    return send(token, body, "content-type", "application/json");
  }

  private static HttpResponse<String> send(String token, String body, String... headers)
      throws Exception {
    return send(token, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  private static HttpResponse<String> send(String token, byte[] body, String... headers)
      throws Exception {
    var all = new ArrayList<String>(List.of(headers));
    if (!token.isEmpty()) {
      all.addAll(List.of("authorization", "Bearer " + token));
    }
    return Http.send("POST", address(POST), body, all.toArray(new String[0]));
  }

  private static String token(String name) throws Exception {
    return token(name, "access_token");
  }

  private static String token(String name, String kind) throws Exception {
    return bundle.tokens(name).path(kind).asText();
  }

  private static String machineToken() throws Exception {
    var form =
        Map.of(
            "grant_type", "client_credentials",
            "client_id", "local",
            "client_secret", "-",
            "scope", "x");
    return bundle.tokens(form).path("access_token").asText();
  }
}
