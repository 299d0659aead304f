package cruddur.activities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import cruddur.activities.ActivitiesFixture.Response;
import cruddur.database.Database;
import cruddur.postgres.Proxy;
import cruddur.testbed.CapturedOutput;
import cruddur.testbed.Invocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HomeActivitiesTest {
  private static ActivitiesFixture fixture;
  private static HomeActivities function;

  @BeforeAll
  static void start() throws SQLException {
    fixture = new ActivitiesFixture();
    function = new HomeActivities(fixture.feed);
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.postgres.execute("truncate activities");
  }

  @Test
  void answersAnEmptyArrayWhenThereIsNone() {
    var response = read(Map.of());
    assertEquals(200, response.status());
    assertEquals("[]", response.body());
    assertEquals(
        Map.of("content-type", "application/json", "x-content-type-options", "nosniff"),
        response.headers());
  }

  @Test
  void showsExactlyTheMembersOfTheContract() throws Exception {
    add(1, "1 hour", "168 hours");
    var item = items(read(Map.of())).get(0);
    assertEquals(
        "[uuid, display_name, handle, message, replies_count, reposts_count, likes_count,"
            + " reply_to_activity_uuid, expires_at, created_at]",
        item.keySet().toString());
    assertEquals("Londo Mollari", item.get("display_name"));
    assertEquals("londo", item.get("handle"));
    assertEquals("crud 1", item.get("message"));
    assertEquals("0", item.get("likes_count"));
    assertEquals("null", item.get("reply_to_activity_uuid"));
    assertTrue(
        String.valueOf(item.get("created_at")).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+\\+00:00"),
        item.toString());
  }

  @Test
  void neverShowsAnAddressOrACognitoId() throws Exception {
    add(1, "1 hour", "168 hours");
    var body = read(Map.of()).body();
    assertFalse(body.contains("@") || body.contains(ActivitiesFixture.LONDO), body);
  }

  @Test
  void hidesExpiredActivities() throws Exception {
    add(1, "3 hours", "168 hours");
    add(2, "2 hours", "1 hour");
    add(3, "1 hour", "3 hours");
    assertEquals(List.of("crud 3", "crud 1"), messages(read(Map.of())));
  }

  /** Each has its line in sql/activities/home.sql. */
  @Test
  void showsEveryTimeToLiveUntilItsEnd() throws Exception {
    var expected = new ArrayList<String>();
    for (var timeToLive : TimeToLive.values()) {
      var hours = Math.toIntExact(timeToLive.duration().toHours());
      add(hours, (hours * 60 - 1) + " minutes", hours + " hours");
      add(-hours, (hours * 60 + 1) + " minutes", hours + " hours");
      expected.addFirst("crud " + hours);
    }
    assertEquals(expected, messages(read(Map.of())));
  }

  @Test
  void pagesThroughEverythingOnceNewestFirst() throws Exception {
    var expected = new ArrayList<String>();
    for (var number = 1; number <= 25; number++) {
      add(number, (90 - number) + " minutes", number % 5 == 0 ? "1 hour" : "168 hours");
      if (number % 5 != 0) {
        expected.add(0, "crud " + number);
      }
    }
    var seen = new ArrayList<String>();
    var query = Map.of("limit", "7");
    for (var page = 0; page < 3; page++) {
      var response = read(query);
      seen.addAll(messages(response));
      var link = response.headers().get("link");
      if (page == 2) {
        assertEquals(null, link);
      } else {
        var last = items(response).get(6).get("uuid");
        assertEquals("</api/activities/home?limit=7&before=" + last + ">; rel=\"next\"", link);
        query = Map.of("limit", "7", "before", String.valueOf(last));
      }
    }
    assertEquals(expected, seen);
  }

  @Test
  void namesNoNextPageWhenOnlyExpiredOnesFollow() throws Exception {
    add(1, "3 hours", "1 hour");
    add(2, "2 hours", "168 hours");
    assertEquals(null, read(Map.of("limit", "1")).headers().get("link"));
  }

  @Test
  void shows20WithoutALimit() throws Exception {
    for (var number = 1; number <= 21; number++) {
      add(number, (100 - number) + " minutes", "168 hours");
    }
    var response = read(Map.of("unknown", "x"));
    assertEquals(20, items(response).size());
    assertTrue(String.valueOf(response.headers().get("link")).contains("limit=20&before="));
    assertEquals(21, items(read(Map.of("limit", "100"))).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "101", "-1", "1.0", "abc", "", " 5", "05", "5,6", "99999999999", "٣"})
  void refusesALimit(String limit) {
    try (var printed = new CapturedOutput()) {
      var response = read(Map.of("limit", limit));
      assertEquals("422 [\"limit_invalid\"]", response.status() + " " + response.body());
      assertEquals(List.of("Rejected 1 Count function=test code=limit_invalid"), printed.metrics());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "null",
        "1-1-1-1-1",
        "0199c0de-0000-7000-8000-00000000000g",
        "0199c0de00007000800000000000000a"
      })
  void refusesABefore(String before) {
    var response = read(Map.of("before", before));
    assertEquals("422 [\"before_invalid\"]", response.status() + " " + response.body());
    var both = read(Map.of("limit", "0", "before", before));
    assertEquals("[\"limit_invalid\",\"before_invalid\"]", both.body());
  }

  @Test
  void takesAnyUuidAsBefore() throws Exception {
    add(1, "1 hour", "168 hours");
    assertEquals(
        List.of(), messages(read(Map.of("before", "00000000-0000-0000-0000-000000000000"))));
    assertEquals(
        List.of("crud 1"),
        messages(read(Map.of("before", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"))));
  }

  @Test
  void answersTheSample() {
    var sample = Invocation.sample("home-activities.json");
    try (var printed = new CapturedOutput()) {
      assertEquals(200, ActivitiesFixture.call(function, sample).status());
      assertEquals(List.of(), printed.metrics());
    }
  }

  @Test
  void answersAScheduleWithOneRoundTripAndCountsIt() {
    var event = Invocation.sample("canary.json");
    try (var proxy = Proxy.to(fixture.postgres.port());
        var database = new Database(fixture.postgres.url("cruddur_feed", proxy))) {
      var watched = new HomeActivities(database);
      new Invocation().call(watched, event);
      var before = proxy.roundTrips();
      try (var printed = new CapturedOutput()) {
        var response = new Invocation().call(watched, event);
        assertEquals("{}", new String(response, StandardCharsets.UTF_8));
        assertEquals(List.of("Canary 1 Count function=test"), printed.metrics());
      }
      assertEquals(1, proxy.roundTrips() - before);
    }
  }

  private static void add(int number, String age, String timeToLive) throws SQLException {
    fixture.postgres.execute(
        """
        insert into activities (uuid, user_uuid, message, created_at, expires_at)
        select uuid_v7(now() - interval '%2$s'), uuid, 'crud %1$s', now() - interval '%2$s',
          now() - interval '%2$s' + interval '%3$s'
        from users where handle = 'londo'
        """
            .formatted(number, age, timeToLive));
  }

  private static Response read(Map<String, String> query) {
    return ActivitiesFixture.read(function, query);
  }

  private static List<String> messages(Response response) throws IOException {
    return items(response).stream().map(item -> String.valueOf(item.get("message"))).toList();
  }

  /** The objects of the body's array, each member as text. */
  private static List<Map<String, String>> items(Response response) throws IOException {
    var items = new ArrayList<Map<String, String>>();
    try (var parser = new JsonFactory().createParser(response.body())) {
      assertEquals(JsonToken.START_ARRAY, parser.nextToken());
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        var item = new LinkedHashMap<String, String>();
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          item.put(name, parser.getText());
        }
        items.add(item);
      }
      assertEquals(null, parser.nextToken());
    }
    return items;
  }
}
