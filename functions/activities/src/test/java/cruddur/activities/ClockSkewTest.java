package cruddur.activities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.database.UuidV7;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Reads the feed while others post. The clocks of their environments are up to a second fast or
 * slow.
 */
class ClockSkewTest {
  private static final Pattern ITEM = Pattern.compile("\"uuid\" : \"([0-9a-f-]{36})\"");
  private static final Pattern NEXT = Pattern.compile("before=([0-9a-f-]{36})>");

  /** docs/api.md: how far below the newest known activity a poller reads. */
  private static final Duration OVERLAP = Duration.ofSeconds(10);

  /** sql/activities/home.sql: how long an environment may repeat a post. */
  private static final Duration LONGEST_REPEAT = Duration.ofSeconds(6);

  private static ActivitiesFixture fixture;
  private static HomeActivities home;

  private final Random random = new Random(16);
  private final List<String> posted = new ArrayList<>();

  @BeforeAll
  static void start() throws SQLException {
    fixture = new ActivitiesFixture();
    home = new HomeActivities(fixture.feed);
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.postgres.execute("truncate activities");
  }

  /** A page, and the key to go on with, which is empty on the last. */
  private record Read(List<String> uuids, String next) {}

  @Test
  void aReaderSeesAllThatWasThereWhenTheReadingBeganOnce() throws SQLException {
    post(60, Instant.now(), Duration.ZERO);
    var before = List.copyOf(posted);
    var seen = new ArrayList<String>();
    var next = "";
    do {
      var page = read(next);
      seen.addAll(page.uuids());
      next = page.next();
      post(5, Instant.now(), Duration.ZERO);
    } while (!next.isEmpty());
    assertEquals(seen.size(), new HashSet<>(seen).size(), "nothing twice");
    assertTrue(seen.containsAll(before), "nothing left out");
    assertEquals(seen.stream().sorted((one, two) -> two.compareTo(one)).toList(), seen);
  }

  /** Polls twice a second, so that each batch has keys below those of the batches before it. */
  @Test
  void aPollerThatReadsTenSecondsBackMissesNothing() throws SQLException {
    var seen = new HashSet<String>();
    var newest = "";
    var begin = Instant.now().minusSeconds(60);
    for (var poll = 0; poll < 50; poll++) {
      post(5, begin.plusMillis(500L * poll), LONGEST_REPEAT);
      var down = newest.isEmpty() ? "" : least(newest);
      var pages = 0;
      var next = "";
      do {
        var page = read(next);
        seen.addAll(page.uuids());
        if (next.isEmpty()) {
          newest = page.uuids().getFirst();
        }
        next = page.next();
        pages++;
      } while (next.compareTo(down) > 0);
      assertEquals(posted.size(), seen.size(), "poll " + poll);
      // 100 activities are posted in 10 seconds: 15 pages of the 36 in the end.
      assertTrue(pages <= 15, "poll " + poll + ", pages: " + pages);
    }
  }

  /** The least key of the time that is {@code OVERLAP} before another key's time. */
  private static String least(String uuid) {
    var millis = UUID.fromString(uuid).getMostSignificantBits() >>> 16;
    return new UUID((millis - OVERLAP.toMillis()) << 16, 0).toString();
  }

  /**
   * Posts at a time as environments do: each makes the key by its own clock, and may repeat the
   * statement with it later.
   */
  private void post(int count, Instant now, Duration longestRepeat) throws SQLException {
    var oldest = -1_000 - longestRepeat.toMillis();
    var values = new ArrayList<String>();
    for (var post = 0; post < count; post++) {
      var uuid = UuidV7.at(now.plusMillis(random.nextLong(oldest, 1_000))).toString();
      posted.add(uuid);
      values.add("(cast('" + uuid + "' as uuid))");
    }
    fixture.postgres.execute(
        """
        insert into activities (uuid, user_uuid, message, expires_at)
        select key.uuid, users.uuid, 'crud', now() + interval '1 hour'
        from users
        cross join (values %s) as key (uuid)
        where users.handle = 'vir'
        """
            .formatted(String.join(", ", values)));
  }

  private static Read read(String before) {
    var query = before.isEmpty() ? Map.of("limit", "7") : Map.of("limit", "7", "before", before);
    var response = ActivitiesFixture.read(home, query);
    var uuids = ITEM.matcher(response.body()).results().map(match -> match.group(1)).toList();
    var next = NEXT.matcher(response.headers().getOrDefault("link", ""));
    return new Read(uuids, next.find() ? next.group(1) : "");
  }
}
