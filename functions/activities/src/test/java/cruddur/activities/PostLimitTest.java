package cruddur.activities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.activities.ActivitiesFixture.Response;
import cruddur.database.Database;
import cruddur.database.Sql;
import cruddur.testbed.CapturedOutput;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often one author may post. */
class PostLimitTest {
  private static final String CRUD = "{\"message\": \"crud\", \"ttl\": \"1-hour\"}";
  private static final String TOO_FREQUENT = "429 [\"posts_too_frequent\"]";

  private static ActivitiesFixture fixture;
  private static CreateActivity function;

  @BeforeAll
  static void start() throws SQLException {
    fixture = new ActivitiesFixture();
    function = new CreateActivity(fixture.database, PostLimit.of(Map.of()));
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
  void refusesThe31stIn5MinutesAndStoresNothing() throws SQLException {
    for (var post = 1; post <= 30; post++) {
      assertEquals(200, post(ActivitiesFixture.LONDO, "key-" + post).status(), "post " + post);
    }
    try (var printed = new CapturedOutput()) {
      var refused = post(ActivitiesFixture.LONDO, "key-31");
      assertEquals(TOO_FREQUENT, text(refused));
      var wait = Integer.parseInt(refused.headers().get("retry-after"));
      assertTrue(wait > 200 && wait <= 300, "" + wait);
      assertEquals(
          List.of("Rejected 1 Count function=test code=posts_too_frequent"), printed.metrics());
    }
    assertEquals(30, fixture.count("true"));
    assertEquals(200, post(ActivitiesFixture.VIR, "key-1").status(), "another author");
  }

  @Test
  void servesAgainWhenTheFirstOfThemIs5MinutesOld() throws SQLException {
    insert(29, "1 minute");
    insert(1, "4 minutes");
    var wait = Integer.parseInt(post(ActivitiesFixture.LONDO, "late").headers().get("retry-after"));
    // Less than a minute if the test is slow.
    assertTrue(wait > 0 && wait <= 60, "" + wait);
    fixture.postgres.execute(
        "delete from activities where created_at < now() - interval '3 minutes'");
    insert(1, "5 minutes 1 second");
    assertEquals(200, post(ActivitiesFixture.LONDO, "late").status());
    assertEquals(TOO_FREQUENT, text(post(ActivitiesFixture.LONDO, "later")));
  }

  @Test
  void answersARepeatAndDoesNotCountIt() throws SQLException {
    insert(28, "1 minute");
    var first = post(ActivitiesFixture.LONDO, "key");
    for (var repeat = 0; repeat < 5; repeat++) {
      assertEquals(first.body(), post(ActivitiesFixture.LONDO, "key").body());
    }
    assertEquals(200, post(ActivitiesFixture.LONDO, "thirtieth").status());
    var repeat = post(ActivitiesFixture.LONDO, "key");
    assertEquals("true", repeat.headers().get("idempotency-replayed"));
    assertEquals(first.body(), repeat.body());
    assertEquals(TOO_FREQUENT, text(post(ActivitiesFixture.LONDO, "31st")));
  }

  /** As the function does when the reply to the thirtieth was lost. */
  @Test
  void findsWhatAnAttemptCreatedThatReachedTheLimit() throws SQLException {
    insert(29, "1 minute");
    var query =
        Sql.load("activities/create.sql")
            .query()
            .bind("cognito_user_id", ActivitiesFixture.LONDO)
            .bind("window", 300)
            .bind("posts", 30)
            .bind("uuid", UUID.fromString("0199c0de-0000-7000-8000-00000000000a"))
            .bind("message", "crud")
            .bind("time_to_live", 3600)
            .bind("idempotency_key", null);
    for (var attempt = 1; attempt <= 2; attempt++) {
      var row = fixture.database.run(query, Duration.ofSeconds(5));
      assertEquals("created", row.column("outcome").orElseThrow(), "attempt " + attempt);
    }
    assertEquals(30, fixture.count("true"));
  }

  @Test
  void environmentsAtOnceExceedItByTheirNumberAtMost() throws Exception {
    var environments = 8;
    insert(25, "1 minute");
    Callable<Long> author =
        () -> {
          try (var database = new Database(fixture.postgres.url("cruddur_activities"))) {
            var environment = new CreateActivity(database, PostLimit.of(Map.of()));
            var posted = 0L;
            // The loop also ends if the limit does not work.
            while (posted < 30 && call(environment, ActivitiesFixture.LONDO, "").status() == 200) {
              posted++;
            }
            return posted;
          }
        };
    try (var threads = Executors.newFixedThreadPool(environments)) {
      var posted = 25L;
      for (var each : threads.invokeAll(Collections.nCopies(environments, author))) {
        posted += each.get();
      }
      assertEquals(fixture.count("true"), posted);
      assertTrue(posted >= 30 && posted <= 30 + environments, "" + posted);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 300", "-1, 300", "30, 0", "30, 3601", "x, 300", "30, 5 min", "'', 300"})
  void refusesALimitOutOfRange(String posts, String seconds) {
    var environment = Map.of("POSTS_LIMIT", posts, "POSTS_WINDOW_SECONDS", seconds);
    assertThrows(IllegalArgumentException.class, () -> PostLimit.of(environment));
  }

  @ParameterizedTest
  @CsvSource({"1, 300", "30, 1", "30, 3600"})
  void takesALimitAtTheEndsOfItsRange(int posts, int seconds) {
    var environment = Map.of("POSTS_LIMIT", "" + posts, "POSTS_WINDOW_SECONDS", "" + seconds);
    assertEquals(new PostLimit(posts, Duration.ofSeconds(seconds)), PostLimit.of(environment));
  }

  private static Response post(String author, String key) {
    return call(function, author, key);
  }

  private static Response call(CreateActivity environment, String author, String key) {
    var headers = key.isEmpty() ? Map.<String, String>of() : Map.of("idempotency-key", key);
    return ActivitiesFixture.post(environment, author, headers, CRUD);
  }

  private static String text(Response response) {
    return response.status() + " " + response.body();
  }

  private static void insert(int count, String age) throws SQLException {
    fixture.postgres.execute(
        """
        insert into activities (user_uuid, message, created_at, expires_at)
        select uuid, 'crud', now() - interval '%1$s', now() - interval '%1$s' + interval '1 hour'
        from users
        cross join generate_series(1, %2$d)
        where cognito_user_id = '%3$s'
        """
            .formatted(age, count, ActivitiesFixture.LONDO));
  }
}
