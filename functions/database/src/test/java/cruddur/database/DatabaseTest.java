package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.postgres.Postgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class DatabaseTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final Sql PID = Sql.parse("pid.sql", "select pg_backend_pid() as pid");

  private static final Postgres postgres = SharedFixture.postgres();

  @Test
  void returnsEachColumnAsText() {
    var sql =
        Sql.parse(
            "x.sql",
            "select json_build_object('n', cast(:n as integer)) as result, cast(:t as text) as t,"
                + " null as nothing, cast(:u as uuid) as u");
    var uuid = UUID.fromString("0199c0de-0000-7000-8000-000000000001");
    try (var database = open("postgres")) {
      var row = database.run(sql.query().bind("n", 7).bind("t", "é'💚").bind("u", uuid), LONG);
      assertEquals("{\"n\" : 7}", row.text("result"));
      assertEquals(
          Map.of("result", "{\"n\" : 7}", "t", "é'💚", "u", uuid.toString()), row.columns());
      assertEquals(Optional.empty(), row.column("nothing"));
      assertThrows(IllegalStateException.class, () -> row.text("nothing"));
    }
  }

  @Test
  void bindsNull() {
    var sql = Sql.parse("x.sql", "select cast(coalesce(:x, 'none') as text) as x");
    try (var database = open("postgres")) {
      assertEquals("none", database.run(sql.query().bind("x", null), LONG).text("x"));
    }
  }

  @Test
  void refusesToRunWithAParameterUnbound() {
    var query = Sql.parse("x.sql", "select :x").query();
    try (var database = open("postgres")) {
      assertThrows(IllegalStateException.class, () -> database.run(query, LONG));
    }
  }

  @Test
  void opensNothingBeforeTheFirstCallAndKeepsOneConnection() throws SQLException {
    try (var database = open("cruddur_users")) {
      assertEquals(0, sessionsOf("cruddur_users"));
      var first = database.run(PID.query(), LONG).text("pid");
      assertEquals(first, database.run(PID.query(), LONG).text("pid"));
      assertEquals(1, sessionsOf("cruddur_users"));
    }
  }

  @Test
  void replacesAConnectionThatTheServerEnded() throws SQLException {
    try (var database = open("postgres")) {
      var first = database.run(PID.query(), LONG).text("pid");
      postgres.execute("select pg_terminate_backend(" + first + ", 5000)");
      assertNotEquals(first, database.run(PID.query(), LONG).text("pid"));
    }
  }

  @Test
  void keepsTheConnectionAfterAFailureOfTheStatement() {
    try (var database = open("postgres")) {
      var first = database.run(PID.query(), LONG).text("pid");
      var wrong = Sql.parse("wrong.sql", "select nothing").query();
      var failure = assertThrows(DatabaseException.class, () -> database.run(wrong, LONG));
      assertEquals("42703", failure.sqlState());
      var message = String.valueOf(failure.getMessage());
      assertTrue(message.startsWith("sql/wrong.sql failed with"), message);
      assertEquals(first, database.run(PID.query(), LONG).text("pid"));
    }
  }

  @Test
  void namesTheFileAndTheSqlStateAndNoValue() {
    var sql = Sql.parse("users/x.sql", "select cast(cast(:x as text) as uuid)");
    try (var database = open("postgres")) {
      var failure =
          assertThrows(
              DatabaseException.class, () -> database.run(sql.query().bind("x", "secret"), LONG));
      assertTrue(failure.toString().contains("sql/users/x.sql"), failure.toString());
      assertTrue(failure.toString().contains("22P02"), failure.toString());
      assertFalse(failure.toString().contains("secret"), failure.toString());
    }
  }

  @Test
  void quotesNoDetailOfAFailure() throws SQLException {
    var twice = Sql.parse("x.sql", "insert into once values ('secret') returning text");
    postgres.execute("drop table if exists once", "create table once (text text unique)");
    try (var database = open("postgres")) {
      database.run(twice.query(), LONG);
      var failure = assertThrows(DatabaseException.class, () -> database.run(twice.query(), LONG));
      assertFalse(String.valueOf(failure.getCause()).contains("secret"), failure.toString());
    }
  }

  @Test
  void rollsAPrimingCallBackAndClosesItsConnection() throws SQLException {
    postgres.execute("drop table if exists primed", "create table primed (number int)");
    var write = Sql.parse("write.sql", "insert into primed values (1) returning number");
    var pids = new HashSet<String>();
    try (var database = open("postgres")) {
      pids.add(database.run(PID.query(), LONG).text("pid"));
      database.prime(
          () -> {
            database.run(write.query(), LONG);
            pids.add(database.run(PID.query(), LONG).text("pid"));
          });
      pids.add(database.run(PID.query(), LONG).text("pid"));
      assertEquals(3, pids.size(), pids.toString());
      assertEquals("0", postgres.value("select count(*) from primed"));
      database.run(write.query(), LONG);
      assertEquals("1", postgres.value("select count(*) from primed"));
    }
  }

  @Test
  void aPrimingCallGoesOnAfterAStatementThatFailed() {
    var wrong = Sql.parse("wrong.sql", "select nothing").query();
    try (var database = open("postgres")) {
      database.prime(
          () -> {
            assertThrows(DatabaseException.class, () -> database.run(wrong, LONG));
            database.run(PID.query(), LONG);
          });
    }
  }

  @Test
  void threadsTakeTurnsAndGiveUpInTime() {
    try (var database = open("postgres")) {
      database.prime(
          () -> {
            var failure =
                assertThrows(
                    CompletionException.class,
                    () -> runInAnotherThread(database, Duration.ofMillis(400)));
            var cause = assertInstanceOf(DatabaseUnavailableException.class, failure.getCause());
            assertEquals("57014", cause.sqlState());
          });
      runInAnotherThread(database, LONG);
      database.run(PID.query(), LONG);
      runInAnotherThread(database, LONG);
    }
  }

  private static void runInAnotherThread(Database database, Duration timeLeft) {
    CompletableFuture.runAsync(() -> database.run(PID.query(), timeLeft)).join();
  }

  @Test
  void waitsForTheServerNoLongerThanTheCallHasLeft() throws SQLException {
    try (var connection = postgres.connect()) {
      var session = new Session(connection, Clock.systemUTC());
      session.run(PID.query(), Deadline.in(LONG));
      assertEquals(1_700, connection.getNetworkTimeout());
      session.run(PID.query(), Deadline.in(Duration.ofMillis(1_600)));
      assertTrue(connection.getNetworkTimeout() <= 1_600);
      session.close();
      assertTrue(connection.isClosed());
    }
  }

  /** Also at the first opening, for which a call has more time. */
  @Test
  void givesUpInTimeWhenNobodyAnswers() throws Exception {
    var callsTime = Duration.ofMinutes(1);
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var database = new Database("postgresql://a:b@127.0.0.1:" + silent.getLocalPort() + "/x")) {
      var start = System.nanoTime();
      assertThrows(DatabaseUnavailableException.class, () -> database.run(PID.query(), callsTime));
      var took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.compareTo(callsTime.dividedBy(2)) < 0, took.toString());
    }
  }

  @Test
  void givesUpInTimeOnASlowStatementAndWorksAgain() {
    var slow = Sql.parse("slow.sql", "select pg_sleep(20)").query();
    try (var database = open("postgres")) {
      assertThrows(
          DatabaseUnavailableException.class, () -> database.run(slow, Duration.ofSeconds(1)));
      assertTrue(Integer.parseInt(database.run(PID.query(), LONG).text("pid")) > 0);
    }
  }

  @Test
  void theServerStopsAStatementOfAFunctionsRole() {
    var slow = Sql.parse("slow.sql", "select pg_sleep(20)").query();
    try (var database = open("cruddur_users")) {
      var failure =
          assertThrows(
              DatabaseUnavailableException.class, () -> database.run(slow, Duration.ofSeconds(10)));
      assertEquals("57014", failure.sqlState());
    }
  }

  private static Database open(String role) {
    return new Database(postgres.url(role));
  }

  private static int sessionsOf(String role) throws SQLException {
    return Integer.parseInt(
        postgres.value("select count(*) from pg_stat_activity where usename = '" + role + "'"));
  }
}
