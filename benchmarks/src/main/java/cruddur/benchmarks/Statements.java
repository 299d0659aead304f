package cruddur.benchmarks;

import cruddur.database.Database;
import cruddur.database.Row;
import cruddur.database.Sql;
import cruddur.database.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions' statements, run by the functions' own Database. */
final class Statements {
  /** The message of each post. */
  static final String MESSAGE = "posted";

  /** The batch of SweepActivities. */
  static final int BATCH = 1_000;

  private static final Duration TIME = Duration.ofSeconds(10);
  private static final Sql HOME = Sql.load("activities/home.sql");
  private static final Sql SWEEP = Sql.load("activities/sweep.sql");
  private static final Sql CREATE = Sql.load("activities/create.sql");

  private Statements() {}

  /** The batches of a sweep, each with its milliseconds. */
  record Swept(long activities, List<Double> milliseconds) {
    double seconds() {
      return milliseconds.stream().mapToDouble(Double::doubleValue).sum() / 1000;
    }
  }

  /** Reads a page of the feed; {@code before} is null for the first one. */
  static Row page(Database database, @Nullable String before, int limit) {
    return database.run(HOME.query().bind("before", before).bind("limit", limit), TIME);
  }

  /** Sweeps until no expired activity is left. */
  static Swept sweep(Database database) {
    var milliseconds = new ArrayList<Double>();
    var activities = 0L;
    long removed;
    do {
      var begin = System.nanoTime();
      var row = database.run(SWEEP.query().bind("limit", BATCH), TIME);
      milliseconds.add((System.nanoTime() - begin) / 1e6);
      removed = Long.parseLong(row.text("removed"));
      activities += removed;
    } while (removed == BATCH);
    return new Swept(activities, milliseconds);
  }

  /**
   * Posts, with a time to live of an hour. The author is always the same and has no limit.
   *
   * @param age how old the key is
   * @return milliseconds
   */
  static double post(Database database, Duration age) {
    var query =
        CREATE
            .query()
            .bind("cognito_user_id", "sub-1")
            // A window of 0 s counts no earlier post.
            .bind("window", 0)
            .bind("posts", 1_000)
            .bind("uuid", UuidV7.at(Instant.now().minus(age)))
            .bind("message", MESSAGE)
            .bind("time_to_live", 3600)
            .bind("idempotency_key", null);
    var begin = System.nanoTime();
    var outcome = database.run(query, TIME).text("outcome");
    if (!outcome.equals("created")) {
      throw new IllegalStateException(outcome);
    }
    return (System.nanoTime() - begin) / 1e6;
  }
}
