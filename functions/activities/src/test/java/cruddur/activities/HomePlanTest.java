package cruddur.activities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the feed's statement reads of a large table, whatever was posted. */
class HomePlanTest {
  private static final Pattern ROWS = Pattern.compile("actual rows=([0-9.]+) loops=([0-9]+)");

  private static final Pattern REMOVED = Pattern.compile("Rows Removed by Filter: ([0-9]+)");

  private static final int TIMES_TO_LIVE = 7;
  private static final String HOUR = "interval '1 hour'";

  /** One live activity every 20 seconds for six days, and older ones that have expired. */
  private static final String EVEN =
      fill("number * interval '20 seconds'", 26_000, "interval '168 hours'", 10_000)
          + fill(
              "interval '8 days' + number * interval '1 second'", 5_000, "interval '168 hours'", 1);

  /** Four live activities below all that has expired. */
  private static final String BELOW =
      fill("interval '40 hours' + number * interval '1 second'", 4, "interval '720 hours'", 4);

  /** The worst cases, without a sweep. */
  private static final Map<String, String> WORST =
      Map.of(
          "the newest have all expired",
          BELOW
              + fill(
                  "interval '1 hour 11 seconds' + number * interval '10 ms'", 10_000, HOUR, 1_000),
          "the newest have all expired, and are one author's",
          BELOW + fill("interval '1 hour 11 seconds' + number * interval '10 ms'", 10_000, HOUR, 1),
          "a burst that expired in one second",
          BELOW
              + fill(
                  "interval '1 hour 12 seconds' + number * interval '100 us'", 10_000, HOUR, 1_000),
          "three times to live have expired ones on top",
          BELOW
              + Stream.of("1 hour", "3 hours", "12 hours")
                  .map(
                      time ->
                          fill(
                              "interval '%s 11 seconds' + number * interval '1 second'"
                                  .formatted(time),
                              4_000,
                              "interval '" + time + "'",
                              1_000))
                  .reduce("", String::concat));

  private static ActivitiesFixture fixture;
  private static String table = "";

  @BeforeAll
  static void start() throws Exception {
    fixture = new ActivitiesFixture();
    fixture.postgres.execute(
        """
        insert into users (display_name, handle, email, cognito_user_id)
        select 'user', 'user-' || number, 'user@example.com', 'sub-' || number
        from generate_series(1, 10000) as number
        """);
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static String fill(String age, int count, String timeToLive, int authors) {
    return """
    insert into activities (uuid, user_uuid, message, created_at, expires_at)
    select uuid_v7(now() - age), author, 'crud', now() - age, now() - age + %s
    from (
      select %s as age, authors.uuid as author
      from generate_series(1, %d) as number
      inner join (select uuid, row_number() over (order by uuid) as position from users) as authors
        on authors.position = number %% %d + 1
    ) as crud;
    """
        .formatted(timeToLive, age, count, authors);
  }

  private static void table(String rows) throws Exception {
    if (!rows.equals(table)) {
      fixture.postgres.execute("truncate activities; " + rows);
      fixture.postgres.execute("analyze activities");
      table = rows;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "force_custom_plan, 20",
    "force_custom_plan, 100",
    "force_generic_plan, 20",
    "force_generic_plan, 100"
  })
  void readsNoMoreThanAPageOfEachTimeToLive(String mode, int limit) throws Exception {
    table(EVEN);
    var newest = plan(mode, "null", limit);
    // A custom plan may read and sort the 180 activities of the last hour. The function's role uses
    // no custom plan.
    assertReads(mode.equals("force_custom_plan") ? 181 : limit + 1, newest);
    assertTrue(newest.contains("never executed"), newest);
    for (var offset : new int[] {175, 13_000, 25_990}) {
      assertReads((limit + 1) * TIMES_TO_LIVE, plan(mode, uuid(offset), limit));
    }
    assertReads(0, plan(mode, uuid(25_999), limit));
  }

  static Stream<String> worst() {
    return WORST.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("worst")
  void readsNothingThatExpiredMoreThanTenSecondsAgo(String name) throws Exception {
    table(WORST.getOrDefault(name, ""));
    assertEquals(4, fixture.count("expires_at > now()"));
    for (var mode : new String[] {"force_custom_plan", "force_generic_plan"}) {
      assertReads(20 * TIMES_TO_LIVE, plan(mode, "null", 20));
      assertReads(20 * TIMES_TO_LIVE, plan(mode, uuid(5_000), 20));
    }
  }

  @Test
  void readsWhatExpiredInTheLastTenSecondsOnceAtMost() throws Exception {
    table(BELOW + fill("interval '1 hour 1 second' + number * interval '1 ms'", 2_000, HOUR, 1));
    assertEquals(4, fixture.count("expires_at > now()"));
    assertReads(20 * TIMES_TO_LIVE, 2_000, plan("force_generic_plan", "null", 20));
  }

  @Test
  void isPlannedOnceForAllCalls() throws Exception {
    table(EVEN);
    assertEquals(
        "0", new Plan(fixture, "activities/home.sql").customPlans("cruddur_feed", "null", "20"));
  }

  @Test
  void aCreateReadsNoMoreOfItsAuthorThanTheLimit() throws Exception {
    table(fill("number * interval '10 ms'", 5_000, HOUR, 1));
    var author = fixture.postgres.value("select cognito_user_id from users order by uuid limit 1");
    var plan =
        new Plan(fixture, "activities/create.sql")
            .explain(
                "force_generic_plan",
                "300",
                "30",
                "'" + author + "'",
                "uuid_v7()",
                "'crud'",
                "3600",
                "'key'");
    // The filter removes one row: the author, who is at the limit.
    assertReads(30, 1, plan);
    assertTrue(plan.contains("activities_author_idx"), plan);
    assertTrue(plan.contains("activities_idempotency_key_key"), plan);
  }

  private static String uuid(int offset) throws Exception {
    return "'"
        + fixture.postgres.value(
            "select uuid from activities order by uuid desc limit 1 offset " + offset)
        + "'";
  }

  private static void assertReads(int rows, String plan) {
    assertReads(rows, 0, plan);
  }

  private static void assertReads(int rows, int removed, String plan) {
    assertFalse(plan.contains("Seq Scan"), plan);
    for (var line : plan.lines().toList()) {
      // Every table is read by an index. The other scans are of results.
      if (line.contains("Index") && line.contains("Scan") && !line.contains("never executed")) {
        var read = ROWS.matcher(line);
        assertTrue(read.find(), plan);
        var actual = Double.parseDouble(read.group(1)) * Integer.parseInt(read.group(2));
        assertTrue(actual <= rows, plan);
      }
      var filter = REMOVED.matcher(line);
      assertTrue(!filter.find() || Integer.parseInt(filter.group(1)) <= removed, plan);
    }
  }

  private static String plan(String mode, String before, int limit) throws Exception {
    return new Plan(fixture, "activities/home.sql").explain(mode, before, Integer.toString(limit));
  }
}
