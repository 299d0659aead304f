package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.postgres.Postgres;
import cruddur.postgres.Proxy;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call makes of each failure, on a real server behind a bad network. */
class RecoveryTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Sql PID = Sql.parse("pid.sql", "select pg_backend_pid() as pid");
  private static final Sql COUNT = Sql.parse("count.sql", "select nextval('runs') as run");
  private static final Sql WRITE =
      Sql.parse(
          "write.sql",
          "with written as (insert into written (uuid) values (cast(:uuid as uuid))"
              + " on conflict do nothing) select nextval('runs') as run");
  private static final Sql FAIL = Sql.parse("fail.sql", "select fail(:sql_state, :times) as runs");

  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private static final Postgres postgres = SharedFixture.tls();

  private Instant now = START;

  /** A wall clock that a test moves. It seems to jump when an environment thaws. */
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

  @BeforeAll
  static void prepare() throws SQLException {
    postgres.execute("alter role cruddur_users password 'cruddur_users'");
    // Sequences keep their value when a transaction is rolled back.
    postgres.execute("create sequence if not exists runs");
    postgres.execute("create table if not exists written (uuid uuid primary key)");
    postgres.execute(
        "create or replace function fail(sql_state text, times bigint) returns bigint language"
            + " plpgsql as $$ declare run bigint := nextval('runs'); begin if run <= times then"
            + " raise exception using errcode = sql_state; end if; return run; end $$");
  }

  @BeforeEach
  void countFromOne() throws SQLException {
    postgres.execute("alter sequence runs restart");
    postgres.execute("truncate written");
  }

  @ParameterizedTest
  @CsvSource({
    "08006, 2, 15",
    "57P01, 2, 15",
    "57P05, 2, 15",
    "57P02, 4, 750",
    "57P03, 4, 750",
    "25006, 4, 750",
    "53300, 4, 750",
    "40001, 2, 30",
    "40P01, 2, 30",
    "28P01, 1, 0"
  })
  void succeedsAfterRetries(String sqlState, int failures, int shortestPausesMillis) {
    try (var database = new Database(postgres.url("postgres"))) {
      var query = FAIL.query().bind("sql_state", sqlState).bind("times", failures);
      var start = System.nanoTime();
      assertEquals(Integer.toString(failures + 1), database.run(query, LONG).text("runs"));
      var took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.toMillis() >= shortestPausesMillis, took.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "08006, 3",
    "57P01, 3",
    "40001, 3",
    "40P01, 3",
    "28P01, 2",
    "28000, 2",
    "55P03, 1",
    "57014, 1",
    "53100, 1"
  })
  void failsAfterItsLastAttempt(String sqlState, String runs) throws SQLException {
    try (var database = new Database(postgres.url("postgres"))) {
      var query = FAIL.query().bind("sql_state", sqlState).bind("times", 100);
      var failure =
          assertThrows(DatabaseUnavailableException.class, () -> database.run(query, LONG));
      assertEquals(sqlState, failure.sqlState());
      assertEquals(runs, postgres.value("select last_value from runs"));
    }
  }

  @Test
  void aStatementWhoseReplyWasLostIsRepeatedAndStoresOneRow() throws SQLException {
    try (var proxy = Proxy.to(postgres.port());
        var database = open(proxy)) {
      database.run(PID.query(), LONG);
      proxy.loseReplies(2);
      var query = WRITE.query().bind("uuid", UUID.randomUUID());
      assertEquals("3", database.run(query, LONG).text("run"));
      assertEquals("1", postgres.value("select count(*) from written"));
    }
  }

  /** It is cut, or its other end does not hear it any more. */
  @Test
  void aConnectionLostBetweenCallsIsReplacedWithinTheCall() {
    for (var loss : List.<Consumer<Proxy>>of(Proxy::cut, Proxy::forget)) {
      try (var proxy = Proxy.to(postgres.port());
          var database = open(proxy)) {
        var first = database.run(PID.query(), LONG).text("pid");
        loss.accept(proxy);
        assertNotEquals(first, database.run(PID.query(), LONG).text("pid"));
      }
    }
  }

  @Test
  void aCallIsAnsweredWellBeforeItsTimeIsUp() {
    try (var proxy = Proxy.to(postgres.port());
        var database = open(proxy)) {
      database.run(PID.query(), LONG);
      proxy.stall(true);
      var begin = System.nanoTime();
      assertThrows(DatabaseUnavailableException.class, () -> database.run(PID.query(), LONG));
      var took = Duration.ofNanos(System.nanoTime() - begin);
      assertTrue(took.compareTo(LONG.dividedBy(2)) < 0, took.toString());
      proxy.stall(false);
      database.run(PID.query(), LONG);
    }
  }

  /** As with a share of a processor: no wait is long, but TLS and SCRAM need ten waits. */
  @Test
  @Tag("newest-server")
  void onlyTheFirstOpeningOfAProcessMayTakeTheTimeOfTheCall() {
    try (var proxy = Proxy.to(postgres.port());
        var database = new Database(postgres.url("cruddur_users", proxy), clock)) {
      proxy.slow(Duration.ofMillis(350));
      database.run(PID.query(), LONG);
      now = START.plus(Duration.ofMinutes(16));
      var failure =
          assertThrows(DatabaseUnavailableException.class, () -> database.run(PID.query(), LONG));
      assertEquals("08001", failure.sqlState());
      proxy.slow(Duration.ZERO);
      database.run(PID.query(), LONG);
    }
  }

  @Test
  void aWaitForALockEndsBeforeTheLockIsReleased() throws SQLException {
    var count = Sql.parse("lock.sql", "select count(uuid) from users").query();
    try (var holder = postgres.connect();
        var statement = holder.createStatement();
        var database = new Database(postgres.url("cruddur_users"))) {
      var first = database.run(PID.query(), LONG).text("pid");
      holder.setAutoCommit(false);
      statement.execute("lock table users in access exclusive mode");
      var failure =
          assertThrows(DatabaseUnavailableException.class, () -> database.run(count, LONG));
      assertEquals("55P03", failure.sqlState());
      assertEquals(first, database.run(PID.query(), LONG).text("pid"));
    }
  }

  @Test
  void aServerWithoutAConnectionToSpareIsAskedAgain() throws Exception {
    postgres.execute("alter role cruddur_users connection limit 0");
    var later = after(Duration.ofMillis(500), "alter role cruddur_users connection limit -1");
    try (var database = new Database(postgres.url("cruddur_users"))) {
      database.run(PID.query(), LONG);
    }
    later.join();
  }

  @Test
  void aServerThatIsStillAStandbyIsAskedAgain() throws Exception {
    postgres.execute("alter role postgres set default_transaction_read_only = on");
    var later =
        after(
            Duration.ofMillis(500),
            "begin read write; alter role postgres reset default_transaction_read_only; commit");
    try (var database = new Database(postgres.url("postgres"))) {
      database.run(WRITE.query().bind("uuid", UUID.randomUUID()), LONG);
    }
    later.join();
  }

  /**
   * After 29 s, the statement's reply is lost, and it runs again. After 30 s, only the trial's
   * reply is lost.
   */
  @ParameterizedTest
  @CsvSource({"29, 3", "30, 2"})
  void aConnectionIsTriedFirstIfItWasIdleForLong(int seconds, String run) {
    try (var proxy = Proxy.to(postgres.port());
        var database = open(proxy, clock)) {
      database.run(COUNT.query(), LONG);
      proxy.loseReplies(1);
      now = START.plus(Duration.ofSeconds(seconds));
      assertEquals(run, database.run(COUNT.query(), LONG).text("run"));
    }
  }

  @Test
  void anOldConnectionIsReplaced() {
    try (var database = new Database(postgres.url("postgres"), clock)) {
      var first = database.run(PID.query(), LONG).text("pid");
      now = START.plus(Duration.ofMinutes(14));
      assertEquals(first, database.run(PID.query(), LONG).text("pid"));
      now = START.plus(Duration.ofMinutes(15));
      assertNotEquals(first, database.run(PID.query(), LONG).text("pid"));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-86_400, 86_400})
  void aClockThatJumpsCostsNoCall(long seconds) {
    try (var database = new Database(postgres.url("postgres"), clock)) {
      database.run(PID.query(), LONG);
      now = START.plus(Duration.ofSeconds(seconds));
      database.run(PID.query(), LONG);
      now = START;
      database.run(PID.query(), LONG);
    }
  }

  @Test
  void aCallWithoutTimeLeftIsRefusedAtOnce() {
    try (var proxy = Proxy.to(postgres.port());
        var database = open(proxy)) {
      var failure =
          assertThrows(
              DatabaseUnavailableException.class,
              () -> database.run(COUNT.query(), Duration.ofHours(1).negated()));
      assertEquals("57014", failure.sqlState());
      assertEquals(0, proxy.opened());
    }
  }

  private static Database open(Proxy proxy) {
    return open(proxy, Clock.systemUTC());
  }

  private static Database open(Proxy proxy, Clock clock) {
    return new Database(
        "postgresql://postgres:postgres@127.0.0.1:" + proxy.port() + "/cruddur?sslmode=disable",
        clock);
  }

  private static Thread after(Duration pause, String command) {
    return Thread.startVirtualThread(
        () -> {
          try {
            Thread.sleep(pause);
            postgres.execute(command);
          } catch (InterruptedException | SQLException failure) {
            throw new IllegalStateException(failure);
          }
        });
  }
}
