package cruddur.activities;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import cruddur.database.Database;
import cruddur.database.DatabaseException;
import cruddur.database.Row;
import cruddur.database.Sql;
import cruddur.lambda.Failures;
import cruddur.lambda.Metrics;
import cruddur.lambda.TimeLeft;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Removes the activities that have expired, in small transactions, until none is left or the call's
 * time is over. The next call continues. A schedule calls it; the event is not read. Several calls
 * may run at once.
 *
 * <p>It is not primed: all batches of a priming call would be one transaction, which would lock
 * many rows. No client waits for this function.
 */
public final class SweepActivities implements RequestStreamHandler {
  private static final Sql SWEEP = Sql.load("activities/sweep.sql");

  /** Activities in one transaction, which takes some 20 ms. */
  private static final int BATCH = 1000;

  /** No further batch begins with less time left. */
  private static final Duration TIME_FOR_A_BATCH = Duration.ofSeconds(2);

  private final Database database;
  private final int batch;

  /** Takes the database from the environment variable {@code CONNECTION_URL}. */
  public SweepActivities() {
    this(new Database(), BATCH);
  }

  SweepActivities(Database database, int batch) {
    this.database = database;
    this.batch = batch;
  }

  /**
   * Handles one event. The response has the number of removed activities: {@code {"removed":
   * 1500}}.
   *
   * @throws DatabaseException if the database does not serve a batch; those before it stay removed
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Metrics.countColdStart(context);
    var first = sweep(context);
    Metrics.measure(context, "Overdue", "Seconds", number(first, "overdue"));
    var removed = number(first, "removed");
    var last = removed;
    try {
      while (last == batch && TimeLeft.of(context).minus(TIME_FOR_A_BATCH).isPositive()) {
        last = number(sweep(context), "removed");
        removed += last;
      }
    } finally {
      Metrics.measure(context, "Removed", "Count", removed);
    }
    output.write(("{\"removed\": " + removed + "}").getBytes(StandardCharsets.UTF_8));
  }

  private Row sweep(Context context) {
    try {
      return database.run(SWEEP.query().bind("limit", batch), TimeLeft.of(context));
    } catch (DatabaseException failure) {
      Failures.log(failure, context);
      throw failure;
    }
  }

  private static long number(Row row, String column) {
    return row.column(column).map(Long::parseLong).orElse(0L);
  }
}
