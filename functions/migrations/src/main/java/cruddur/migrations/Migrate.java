package cruddur.migrations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import cruddur.lambda.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Brings the database to the schema of this version of the code. A deployment calls it before it
 * updates any other function. It may be called any number of times, also at once. A database that
 * is newer than this code stays unchanged.
 *
 * <p>The event is {@code {}}, or {@code {"dryRun": true}}, which only lists what is pending. The
 * response is a {@link Report}.
 */
public final class Migrate implements RequestStreamHandler {
  private final Migrator migrator;

  /**
   * Takes the database from the environment variable {@code CONNECTION_URL}, and marks it as
   * production where {@code STAGE} is {@code production}.
   */
  public Migrate() {
    this(Migrator.of(System.getenv(), RetryPolicy.DEPLOYMENT));
  }

  Migrate(Migrator migrator) {
    this.migrator = migrator;
  }

  /**
   * Handles one event.
   *
   * @throws MigrationFailedException if the event is malformed, or the database does not have the
   *     schema of this code
   * @throws cruddur.database.DatabaseException if the database cannot be reached
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    var event =
        JsonObject.parse(input.readAllBytes())
            .orElseThrow(() -> new MigrationFailedException("the event is not a JSON object"));
    var isDryRun = event.scalar("dryRun").equals(Optional.of("true"));
    var report = isDryRun ? migrator.pending() : migrator.migrate();
    var response = report.json();
    context.getLogger().log(response, LogLevel.INFO);
    output.write(response);
  }
}
