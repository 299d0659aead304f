package cruddur.activities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.database.Database;
import cruddur.database.DatabaseUnavailableException;
import cruddur.testbed.CapturedOutput;
import cruddur.testbed.Invocation;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepActivitiesTest {
  private static ActivitiesFixture fixture;
  private static Database database;
  private static SweepActivities sweep;

  @BeforeAll
  static void start() throws SQLException {
    fixture = new ActivitiesFixture();
    database = new Database(fixture.postgres.url("cruddur_sweeper"));
    sweep = new SweepActivities(database, 10);
  }

  @AfterAll
  static void stop() {
    database.close();
    fixture.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.postgres.execute("truncate activities");
  }

  @Test
  void removesWhatHasExpiredAndNothingElse() throws SQLException {
    add(20, "24 hours");
    add(5, "0 seconds");
    add(3, "-1 minute");
    assertEquals("{\"removed\": 25}", sweep(), "in three batches");
    assertEquals(3, fixture.count("true"));
    assertEquals("{\"removed\": 0}", sweep());
  }

  @Test
  void measuresHowManyItRemovesAndHowLate() throws SQLException {
    add(24, "1 minute");
    add(1, "3 hours");
    try (var printed = new CapturedOutput()) {
      sweep();
      sweep();
      var metrics = printed.metrics();
      assertEquals(4, metrics.size(), metrics.toString());
      var overdue = metrics.getFirst().split(" ");
      assertEquals(
          List.of("Overdue", "Seconds", "function=test"),
          List.of(overdue[0], overdue[2], overdue[3]));
      // Of the first, which is three hours late; the clock goes on until the sweep.
      assertTrue(Integer.parseInt(overdue[1]) >= 10_800, overdue[1]);
      assertEquals(
          List.of(
              "Removed 25 Count function=test",
              "Overdue 0 Seconds function=test",
              "Removed 0 Count function=test"),
          metrics.subList(1, 4));
    }
  }

  @Test
  void keepsTheRepliesToWhatItRemoves() throws SQLException {
    add(1, "26 hours");
    fixture.postgres.execute(
        "insert into activities (user_uuid, message, expires_at, reply_to_activity_uuid)"
            + " select user_uuid, 'reply', now() + interval '24 hours', uuid from activities");
    assertEquals("{\"removed\": 1}", sweep());
    assertEquals(1, fixture.count("message = 'reply' and reply_to_activity_uuid is null"));
  }

  @Test
  void blocksNoPostNorRepeat() throws SQLException {
    add(5, "26 hours");
    var create = new CreateActivity(fixture.database, ActivitiesFixture.NO_LIMIT);
    var key = Map.of("idempotency-key", "key");
    var body = "{\"message\": \"crud\", \"ttl\": \"1-hour\"}";
    try (var connection = fixture.postgres.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("delete from activities");
      var first = ActivitiesFixture.post(create, ActivitiesFixture.LONDO, key, body);
      assertEquals(200, first.status());
      var repeat = ActivitiesFixture.post(create, ActivitiesFixture.LONDO, key, body);
      assertEquals("true", repeat.headers().get("idempotency-replayed"));
      connection.rollback();
    }
  }

  @Test
  void failsAloudWhenItCannotRemove() throws SQLException {
    add(5, "26 hours");
    try (var connection = fixture.postgres.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select from activities for update");
      try (var printed = new CapturedOutput()) {
        assertThrows(DatabaseUnavailableException.class, SweepActivitiesTest::sweep);
        assertEquals(
            List.of("DatabaseFailure 1 Count function=test sqlState=55P03"), printed.metrics());
      }
      connection.rollback();
    }
    assertEquals("{\"removed\": 5}", sweep());
  }

  @Test
  void readsNoMoreThanItRemoves() throws Exception {
    fixture.postgres.execute(
        """
        insert into activities (user_uuid, message, created_at, expires_at)
        select uuid, 'crud', now() - number * interval '1 minute', now() - number * interval '1 minute'
          + case when mod(number, 2) = 0 then interval '1 hour' else interval '720 hours' end
        from users
        cross join generate_series(1, 20000) as number
        where cognito_user_id = '%s'
        """
            .formatted(ActivitiesFixture.LONDO));
    fixture.postgres.execute("analyze activities");
    var plan = new Plan(fixture, "activities/sweep.sql").explain("force_generic_plan", "100");
    assertFalse(plan.contains("Seq Scan"), plan);
    assertTrue(plan.contains("activities_expires_at_idx"), plan);
    assertFalse(plan.contains("Rows Removed by Filter"), plan);
  }

  private static String sweep() {
    var response = new Invocation().call(sweep, Invocation.sample("sweep-activities.json"));
    return new String(response, StandardCharsets.UTF_8);
  }

  /** Adds activities with a time to live of one hour. Their expiry is that long ago. */
  private static void add(int count, String overdue) throws SQLException {
    fixture.postgres.execute(
        """
        insert into activities (user_uuid, message, created_at, expires_at)
        select uuid, 'crud', now() - interval '%s' - interval '1 hour', now() - interval '%s'
        from users
        cross join generate_series(1, %d)
        where cognito_user_id = '%s'
        """
            .formatted(overdue, overdue, count, ActivitiesFixture.LONDO));
  }
}
