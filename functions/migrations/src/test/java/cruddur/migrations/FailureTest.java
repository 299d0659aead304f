package cruddur.migrations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.database.Backoff;
import cruddur.database.Connections;
import cruddur.database.DatabaseUnavailableException;
import cruddur.postgres.Proxy;
import cruddur.testbed.Wait;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.flywaydb.core.api.callback.Event;
import org.junit.jupiter.api.Test;

/** Migrations that fail or find a lock in their way. */
class FailureTest {
  private static final String WAITING =
      "select count(*) from pg_locks join pg_database on pg_database.oid = pg_locks.database"
          + " where datname = current_database() and not granted";

  /** Runs that have tried to take the lock of the first one, and pause. */
  private static final String WAITING_FOR_RUN =
      "select count(*) from pg_stat_activity where datname = current_database()"
          + " and pid <> pg_backend_pid() and query ilike '%pg_try_advisory_lock%'";

  @Test
  void leavesNothingOfAMigrationThatFailedAndQuotesNoRow() {
    var database = TestDatabase.migrated();
    var catalog = Catalog.of(database);
    var failure =
        assertThrows(MigrationFailedException.class, database.migrator("failing")::migrate);
    assertTrue(
        failure
            .getMessage()
            .startsWith("sql/migrations/V902__failing.sql failed with SQLSTATE 22P02"),
        failure.getMessage());
    assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
    assertNull(failure.getCause());
    assertEquals(catalog, Catalog.of(database));
    assertEquals("902", database.migrator("mended").migrate().version());
  }

  @Test
  void keepsWhatWasAppliedBeforeTheOneThatFailed() {
    var database = TestDatabase.migrated();
    assertThrows(MigrationFailedException.class, database.migrator("failing", "later")::migrate);
    assertEquals("901", database.migrator("later").migrate().version());
    assertEquals("0", database.value("select count(*) from pg_tables where tablename = 'half'"));
  }

  @Test
  void buildsAnIndexAgainThatCouldNotBeBuilt() {
    var database = TestDatabase.migrated();
    database.addUsers("a", "b");
    MigrateTest.assertFails(
        "sql/migrations/V903__building.sql failed with SQLSTATE 23505",
        database.migrator("building")::migrate);
    assertEquals("f", valid(database), "an invalid index is left");
    assertEquals(
        "V903__building.sql", database.migrator("building").pending().pending().getFirst().file());
    database.execute("update users set display_name = handle");
    assertEquals("903", database.migrator("building").migrate().version());
    assertEquals("t", valid(database));
  }

  @Test
  void saysWhichFileFailedAlsoInTheRunThatWaitedForTheFirst() throws Exception {
    var database = TestDatabase.migrated();
    database.addUsers("a", "b");
    var retries =
        TestDatabase.retries(
            Duration.ofMinutes(1), 5, Duration.ofMillis(20), Duration.ofMinutes(1));
    try (var holder = database.holder("lock table users in share update exclusive mode");
        var threads = Executors.newFixedThreadPool(2)) {
      var runs = new ArrayList<Future<Report>>();
      for (var run = 0; run < 2; run++) {
        runs.add(threads.submit(database.migrator(retries, List.of(), "building")::migrate));
      }
      database.await("1", WAITING);
      database.await("1", WAITING_FOR_RUN);
      holder.rollback();
      for (var run : runs) {
        var failure =
            assertInstanceOf(
                MigrationFailedException.class,
                assertThrows(ExecutionException.class, run::get).getCause());
        assertTrue(
            failure.getMessage().contains("V903__building.sql failed with SQLSTATE 23505"),
            failure.getMessage());
      }
    }
  }

  private static String valid(TestDatabase database) {
    return database.value(
        "select indisvalid from pg_index where indexrelid = 'users_display_name_key'::regclass");
  }

  @Test
  void failsClearlyWhileALockIsHeld() throws SQLException {
    var database = TestDatabase.migrated();
    var catalog = Catalog.of(database);
    var retries =
        TestDatabase.retries(
            Duration.ofMillis(20), 3, Duration.ofMillis(10), Duration.ofMinutes(1));
    try (var holder = reader(database)) {
      var migrator = database.migrator(retries, List.of(), "waiting");
      MigrateTest.assertFails(
          "sql/migrations/V904__waiting.sql failed with SQLSTATE 55P03: in 3 attempts",
          migrator::migrate);
      var late =
          new RetryPolicy(
              retries.lockTimeout(),
              3,
              Duration.ZERO,
              retries.pause(),
              retries.forConnection(),
              retries.forOtherRun(),
              retries.silence());
      MigrateTest.assertFails(
          "sql/migrations/V904__waiting.sql failed with SQLSTATE 55P03: in 1 attempts",
          database.migrator(late, List.of(), "waiting")::migrate);
      holder.rollback();
    }
    assertEquals(catalog, Catalog.of(database));
    assertEquals("904", database.migrator("waiting").migrate().version());
  }

  /** Between attempts, there were at least the shortest pauses that {@link Backoff} allows. */
  private static void assertPaused(Duration took, Duration base, int pauses) {
    var shortest = Duration.ZERO;
    for (var doubled = 0; doubled < pauses; doubled++) {
      shortest = shortest.plus(base.multipliedBy(1L << Math.min(doubled, 3)).dividedBy(2));
    }
    assertTrue(took.compareTo(shortest) >= 0, took + " with " + pauses + " pauses");
  }

  @Test
  void limitsTheWaitForALockAgainBeforeEachMigration() {
    var database = TestDatabase.migrated();
    var limits = new ArrayList<String>();
    var hook =
        new Hook(
            Event.AFTER_EACH_MIGRATE,
            (_, connection) -> {
              try (var statement = connection.createStatement();
                  var rows = statement.executeQuery("show lock_timeout")) {
                rows.next();
                limits.add(rows.getString(1));
                statement.execute("set lock_timeout = '1min'");
              }
            });
    database.migrator(TestDatabase.RETRIES, List.of(hook), "later", "waiting").migrate();
    assertEquals(List.of("500ms", "500ms"), limits);
  }

  @Test
  void givesUpALockBeforeTheCallsThatQueueBehindIt() {
    var timeouts =
        Pattern.compile("set lock_timeout = '(\\d+)ms'")
            .matcher(TestDatabase.resource("sql/migrations/R__roles.sql"))
            .results()
            .map(found -> Integer.valueOf(found.group(1)))
            .toList();
    assertEquals(5, timeouts.size(), "one for each role that signs in");
    for (var timeout : timeouts) {
      // At most half, since the call may begin to wait at the same time as the migration.
      assertTrue(
          RetryPolicy.DEPLOYMENT.lockTimeout().toMillis() * 2 <= timeout, "below " + timeout);
    }
  }

  /** FailureKindTest has the growth and the jitter. */
  @Test
  void pausesForHalfASecondAtFirstAndForFourAtMost() {
    var first = RetryPolicy.DEPLOYMENT.pauseAfter(1).toMillis();
    assertTrue(first >= 250 && first <= 500, "" + first);
    var last = RetryPolicy.DEPLOYMENT.pauseAfter(RetryPolicy.DEPLOYMENT.attempts()).toMillis();
    assertTrue(last >= 2_000 && last <= 4_000, "" + last);
  }

  @Test
  void succeedsWhenTheLockGoesAwayBetweenTheAttempts() throws Exception {
    var database = TestDatabase.migrated();
    var retries =
        TestDatabase.retries(
            Duration.ofMillis(100), 1000, Duration.ofMillis(10), Duration.ofMinutes(1));
    try (var holder = reader(database);
        var thread = Executors.newSingleThreadExecutor()) {
      var run = thread.submit(database.migrator(retries, List.of(), "waiting")::migrate);
      for (var seen = 0; seen < 2; seen++) {
        database.await("1", WAITING);
        database.await("0", WAITING);
      }
      holder.rollback();
      assertEquals("904", run.get().version());
      assertEquals(1, run.get().applied().size());
    }
  }

  @Test
  void losesItsLocksWhenItsHostDies() throws Exception {
    var database = TestDatabase.migrated();
    var begun = new CountDownLatch(1);
    var ended = new CompletableFuture<Boolean>();
    // Stands still after the statements of a migration, as a process does whose host has died.
    var hanging =
        new Hook(
            Event.AFTER_EACH_MIGRATE,
            (_, _) -> {
              begun.countDown();
              ended.join();
            });
    var retries =
        new RetryPolicy(
            Duration.ofMinutes(1),
            1,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMinutes(1),
            Duration.ofMillis(100));
    try (var thread = Executors.newSingleThreadExecutor()) {
      var run = thread.submit(database.migrator(retries, List.of(hanging), "waiting")::migrate);
      begun.await();
      try {
        assertEquals(
            "t",
            database.value(
                "select count(*) <= 1 from pg_stat_activity where datname = current_database()"
                    + " and state like 'idle in transaction%'"),
            "the session with the history and the lock of the run has no transaction");
        // Waits until the server has ended the session, which holds the table.
        database.execute("set lock_timeout = '1min'; select count(*) from users");
      } finally {
        ended.complete(true);
      }
      var failure = assertThrows(ExecutionException.class, run::get);
      assertInstanceOf(MigrationFailedException.class, failure.getCause());
    }
    assertEquals("904", database.migrator("waiting").migrate().version());
  }

  @Test
  void connectsAgainToAServerThatRefusesForNow() throws Exception {
    var database = TestDatabase.migrated();
    database.execute("drop role if exists late; create role late superuser nologin");
    try (var proxy = TestDatabase.proxy();
        var thread = Executors.newSingleThreadExecutor()) {
      proxy.refuse(true);
      var connections = Connections.of(through(proxy, database, "late"), Map.of());
      var start = System.nanoTime();
      var run = thread.submit(new Migrator(connections, false, TestDatabase.RETRIES)::migrate);
      // The proxy refuses, like a server that is starting.
      awaitAttempt(proxy, run);
      awaitAttempt(proxy, run);
      var refused = proxy.opened();
      var took = Duration.ofNanos(System.nanoTime() - start);
      proxy.refuse(false);
      // SQLSTATE 28000, as on RDS until IAM has a new role's rights everywhere.
      awaitAttempt(proxy, run);
      database.execute("alter role late login");
      assertEquals(List.of(), run.get().applied());
      assertPaused(took, TestDatabase.RETRIES.pause(), refused - 1);
    }
    database.execute("drop role late");
  }

  /** Waits until an attempt that began after this call has failed, and another has begun. */
  private static void awaitAttempt(Proxy proxy, Future<?> run) {
    var before = proxy.opened();
    Wait.until("another attempt", () -> proxy.opened() >= before + 2 || run.isDone());
  }

  @Test
  void connectsAgainToAServerThatEndsTheConnectionBeforeTheFirstReply() {
    var database = TestDatabase.empty();
    try (var proxy = TestDatabase.proxy()) {
      var connections = Connections.of(through(proxy, database, "postgres"), Map.of());
      proxy.loseReplies(1);
      new Migrator(connections, false, TestDatabase.RETRIES).migrate();
      proxy.loseReplies(1);
      var once = new Migrator(connections, false, RetryPolicy.COMMAND_LINE);
      var failure = assertThrows(MigrationFailedException.class, once::migrate);
      assertTrue(failure.getMessage().startsWith("the migration failed with SQLSTATE 08006"));
    }
  }

  @Test
  void connectsOnceToADatabaseThatDoesNotExist() {
    var database = TestDatabase.empty();
    try (var proxy = TestDatabase.proxy()) {
      var url = through(proxy, database, "postgres").replace(database.name(), "absent");
      var migrator = new Migrator(Connections.of(url, Map.of()), false, TestDatabase.RETRIES);
      assertThrows(DatabaseUnavailableException.class, migrator::migrate);
      assertEquals(1, proxy.opened());
    }
  }

  private static String through(Proxy proxy, TestDatabase database, String role) {
    return database.url(role).replaceFirst(":\\d+/", ":" + proxy.port() + "/");
  }

  @Test
  void probesTheConnectionOfARun() throws Exception {
    var database = TestDatabase.empty();
    var source =
        new Source(Connections.of(database.url("postgres"), Map.of()), RetryPolicy.DEPLOYMENT);
    try (var connection = source.getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select string_agg(setting, ' ' order by name) from pg_settings where name ~"
                    + " '^(tcp_keepalives_|client_connection_check_interval)'")) {
      rows.next();
      // Keep-alive probes find a dead client after 15 s. During a statement, the server checks its
      // client every 10 s.
      assertEquals("10000 2 5 5", rows.getString(1));
    }
  }

  @Test
  void countsAMigrationOnceThatTheHistoryTookAtTheSecondAttempt() {
    var database = TestDatabase.migrated();
    createRefusal(
        database,
        List.of("55P03", "55P03"),
        """
        before insert on flyway_schema_history
        for each row when (new.version = '904')
        """);
    var once = TestDatabase.retries(Duration.ofMinutes(1), 1, Duration.ZERO, Duration.ofMinutes(1));
    MigrateTest.assertFails(
        "sql/migrations/V904__waiting.sql failed with SQLSTATE 55P03",
        database.migrator(once, List.of(), "waiting")::migrate);
    var pause = Duration.ofMillis(600);
    var twice = TestDatabase.retries(Duration.ofMinutes(1), 2, pause, Duration.ofMinutes(1));
    var begun = new ArrayList<Long>();
    var hook = new Hook(Event.BEFORE_EACH_MIGRATE, (_, _) -> begun.add(System.nanoTime()));
    var report = database.migrator(twice, List.of(hook), "waiting").migrate();
    assertEquals(1, report.applied().size(), report.toString());
    assertEquals("904", report.version());
    assertPaused(Duration.ofNanos(begun.getLast() - begun.getFirst()), pause, 1);
  }

  @Test
  void namesNoFileWhereTheSecondAttemptFailsBeforeAMigration() {
    var database = TestDatabase.migrated();
    // The first attempt removes failed migrations from the history, and adds one.
    createRefusal(
        database,
        List.of("", "55P03", "58030"),
        "before insert or delete on flyway_schema_history for each statement");
    MigrateTest.assertFails(
        "the migration failed with SQLSTATE 58030", database.migrator("waiting")::migrate);
  }

  @Test
  void foldsHandlesAgainAfterASignUpTookOne() {
    var database = TestDatabase.before();
    database.addUsers("Kosh");
    var refusals = new ArrayList<>(List.of("23514"));
    refusals.addAll(Collections.nCopies(10 + 9, "23505"));
    createRefusal(database, refusals, "before update on users for each statement");
    var calls = "select last_value from calls";
    var migrator = database.migrator();
    MigrateTest.assertFails(
        "cruddur.migrations.FoldHandles failed with SQLSTATE 23514", migrator::migrate);
    assertEquals("1", database.value(calls));
    MigrateTest.assertFails(
        "cruddur.migrations.FoldHandles failed with SQLSTATE 23505", migrator::migrate);
    assertEquals("11", database.value(calls), "the tenth conflict ends the run");
    assertEquals(MigrationFiles.newest(), migrator.migrate().version());
    assertEquals("kosh", database.value("select handle_key from users"));
  }

  /**
   * Creates a database trigger.
   *
   * @param sqlStates the n-th call fails with the n-th one; a call succeeds where it is empty, and
   *     after the last one
   * @param when the events and the table, in SQL
   */
  private static void createRefusal(TestDatabase database, List<String> sqlStates, String when) {
    database.execute(
        """
        create sequence calls;
        create function refuse() returns trigger language plpgsql as $$
        declare
          refusal text := (string_to_array('%s', ','))[cast(nextval('calls') as integer)];
        begin
          if refusal <> '' then
            raise exception using errcode = refusal;
          end if;
          return new;
        end
        $$;
        create trigger refuse %s execute function refuse()
        """
            .formatted(String.join(",", sqlStates), when));
  }

  @Test
  void saysThatAnotherRunGoesOn() throws Exception {
    var database = TestDatabase.migrated();
    var slow = TestDatabase.retries(Duration.ofMinutes(1), 1, Duration.ZERO, Duration.ofMinutes(1));
    var hasty =
        TestDatabase.retries(Duration.ofMillis(100), 3, Duration.ZERO, Duration.ofSeconds(1));
    try (var holder = reader(database);
        var thread = Executors.newSingleThreadExecutor()) {
      var first = thread.submit(database.migrator(slow, List.of(), "waiting")::migrate);
      database.await("1", WAITING);
      var second = database.migrator(hasty, List.of(), "waiting");
      MigrateTest.assertFails("another run of the migrations did not end", second::migrate);
      holder.rollback();
      assertEquals("904", first.get().version());
    }
  }

  /** An open transaction that has read the users, as a person's session may be. */
  private static Connection reader(TestDatabase database) throws SQLException {
    return database.holder("select from users");
  }
}
