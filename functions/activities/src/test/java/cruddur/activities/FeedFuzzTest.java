package cruddur.activities;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cruddur.testbed.Fuzz;
import cruddur.testbed.RandomInput;
import cruddur.testbed.StrictJson;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Queries of any kind for the home feed: each gets exactly its page, or the codes of the contract.
 */
@Tag("newest-server")
class FeedFuzzTest {
  private static final List<Integer> HOURS_TO_LIVE =
      CreateContract.TIMES_TO_LIVE.keySet().stream().sorted().toList();

  /** The live ones. */
  private static final List<String> NEWEST_FIRST = new ArrayList<>();

  private static ActivitiesFixture fixture;
  private static HomeActivities home;

  @BeforeAll
  static void start() throws SQLException {
    fixture = new ActivitiesFixture();
    home = new HomeActivities(fixture.feed);
    // Some are of the last hour, the others of the last days; about a third have expired.
    for (var number = 150; number > 0; number--) {
      var minutes = number <= 40 ? number : number * number;
      var hours = HOURS_TO_LIVE.get(number % HOURS_TO_LIVE.size());
      var uuid =
          fixture.postgres.value(
              "select uuid_v7(now() - interval '%d minutes')".formatted(minutes));
      if (minutes < hours * 60) {
        NEWEST_FIRST.addFirst(uuid);
      }
      fixture.postgres.execute(
          """
          insert into activities (uuid, user_uuid, message, created_at, expires_at)
          select '%1$s', uuid, 'crud', now() - interval '%2$d minutes',
            now() - interval '%2$d minutes' + interval '%3$d hours'
          from users where handle = 'londo'
          """
              .formatted(uuid, minutes, hours));
    }
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void everyResponseFollowsTheContract() {
    Fuzz.run("GET /api/activities/home", FeedFuzzTest::check);
  }

  private static void check(RandomInput random) {
    var query = new LinkedHashMap<String, String>();
    query.put(random.text(8) + "x", random.text(60));
    if (random.oneIn(2)) {
      query.put("limit", limit(random));
    }
    if (random.oneIn(2)) {
      query.put("before", before(random));
    }
    var headers =
        Map.of("authorization", random.of("Bearer null", random.text(60)), "cookie", "a=b");
    var response =
        ActivitiesFixture.call(
            home,
            ActivitiesFixture.event(Map.of("sub", "x"), headers, query, random.text(20), false));

    assertEquals("", response.log(), "nothing that a client sends is logged");
    var codes = new ArrayList<String>();
    var limit = query.getOrDefault("limit", "20");
    if (limit.length() > 3 || !isOneTo100(limit)) {
      codes.add("\"limit_invalid\"");
    }
    var before = Optional.ofNullable(query.get("before"));
    if (before.isPresent() && !isUuid(before.get())) {
      codes.add("\"before_invalid\"");
    }
    if (codes.isEmpty()) {
      assertPage(Integer.parseInt(limit), before, response);
    } else {
      assertEquals(
          "422 [" + String.join(",", codes) + "]",
          response.status() + " " + response.body(),
          () -> "" + query);
    }
  }

  private static String limit(RandomInput random) {
    return random.from(
        () -> "" + (random.below(110) - 5),
        () -> "" + (1 + random.below(100)),
        () -> random.of("", "0x10", "1e1", "+5", "05", "5 ", "٣", "１", "5,6", "1".repeat(5_000)),
        () -> random.text(6));
  }

  private static String before(RandomInput random) {
    var known = NEWEST_FIRST.get(random.below(NEWEST_FIRST.size()));
    return random.from(
        () -> known,
        known::toUpperCase,
        () -> new UUID((long) random.below(Integer.MAX_VALUE) << 33, random.below(9)).toString(),
        () ->
            random.of("", "null", "1-1-1-1-1", known + " ", "{" + known + "}", known + "," + known),
        () ->
            new String(
                random.broken(known.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8),
        () -> "' or 1=1 --" + random.text(20));
  }

  private static boolean isOneTo100(String text) {
    for (var number = 1; number <= 100; number++) {
      if (text.equals("" + number)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isUuid(String text) {
    try {
      return UUID.fromString(text).toString().equalsIgnoreCase(text)
          && text.chars().allMatch(character -> character < 128);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static void assertPage(
      int limit, Optional<String> before, ActivitiesFixture.Response response) {
    assertEquals(200, response.status(), response.body());
    var older =
        NEWEST_FIRST.stream()
            .filter(uuid -> before.isEmpty() || uuid.compareToIgnoreCase(before.get()) < 0)
            .toList();
    var page = older.subList(0, Math.min(limit, older.size()));
    assertEquals(page, uuids(response.body()));
    var link =
        older.size() > limit
            ? "</api/activities/home?limit="
                + limit
                + "&before="
                + page.getLast()
                + ">; rel=\"next\""
            : null;
    assertEquals(link, response.headers().get("link"));
  }

  private static List<String> uuids(String array) {
    var object = ("{\"items\":" + array + "}").getBytes(StandardCharsets.UTF_8);
    var uuids = new ArrayList<String>();
    if (StrictJson.object(object).orElseThrow().get("items") instanceof List<?> items) {
      for (var item : items) {
        uuids.add(item instanceof Map<?, ?> members ? "" + members.get("uuid") : "");
      }
    }
    return uuids;
  }
}
