package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cruddur.postgres.Postgres;
import cruddur.postgres.Proxy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a warm call costs on the wire and in the server. */
class RoundTripTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final Sql ONE = Sql.parse("one.sql", "select cast(:n as integer) as n");
  private static final Sql PREPARED =
      Sql.parse(
          "prepared.sql",
          "select count(*) as count, sum(generic_plans + custom_plans) as runs"
              + " from pg_prepared_statements where statement like '%as n'");

  private static final Postgres postgres = SharedFixture.postgres();

  @Test
  void aCallIsOneRoundTrip() {
    try (var proxy = Proxy.to(postgres.port());
        var database = new Database(postgres.url("cruddur_activities", proxy))) {
      run(database);
      var before = proxy.roundTrips();
      run(database);
      run(database);
      assertEquals(2, proxy.roundTrips() - before);
    }
  }

  @Test
  void theServerPreparesAStatementOnceAndUsesItAgain() {
    try (var database = new Database(postgres.url("cruddur_activities"))) {
      run(database);
      run(database);
      run(database);
      assertEquals(
          new Row(Map.of("count", "1", "runs", "3")), database.run(PREPARED.query(), LONG));
    }
  }

  @Test
  void nothingIsPreparedBehindATransactionPooler() {
    try (var database = new Database(postgres.url("cruddur_activities") + "?prepareThreshold=0")) {
      run(database);
      run(database);
      assertEquals("0", database.run(PREPARED.query(), LONG).text("count"));
    }
  }

  private static void run(Database database) {
    assertEquals("7", database.run(ONE.query().bind("n", 7), LONG).text("n"));
  }
}
