package cruddur.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import cruddur.database.Database;
import cruddur.database.DatabaseException;
import cruddur.database.Sql;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The canary: a call by a schedule that makes one round trip to the database and writes nothing. It
 * also keeps a function's snapshot, which Lambda deletes after 14 days without a call (AWS Lambda
 * Developer Guide, "Improving startup performance with Lambda SnapStart").
 */
public final class Canary {
  private static final Sql CANARY = Sql.load("canary.sql");

  private Canary() {}

  /**
   * True if a schedule sent the event (Amazon EventBridge User Guide, "EventBridge events detail
   * reference"). A client cannot send such an event: the HTTP API and Cognito nest a client's data
   * deeper.
   */
  public static boolean isScheduled(JsonObject event) {
    return event.string("detail-type").equals(Optional.of("Scheduled Event"));
  }

  /**
   * Runs the canary. The response is an empty object. Each success counts as the metric {@code
   * Canary}, whose absence raises the alarm: Lambda may also refuse the call.
   *
   * @param database the function's own
   * @throws DatabaseException if the database does not serve it
   */
  public static void run(Database database, OutputStream output, Context context)
      throws IOException {
    try {
      database.run(CANARY.query(), TimeLeft.of(context));
    } catch (DatabaseException failure) {
      Failures.log(failure, context);
      throw failure;
    }
    Metrics.count(context, "Canary");
    output.write("{}".getBytes(StandardCharsets.UTF_8));
  }
}
