package cruddur.users;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import cruddur.database.Database;
import cruddur.database.DatabaseException;
import cruddur.database.Folding;
import cruddur.database.Sql;
import cruddur.database.UuidV7;
import cruddur.events.Canary;
import cruddur.events.Failures;
import cruddur.events.HttpHandler;
import cruddur.events.JsonObject;
import cruddur.events.Metrics;
import cruddur.events.SnapStart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;

/**
 * Writes the row of a user whom Cognito has confirmed: the trigger PostConfirmation of the user
 * pool (Amazon Cognito Developer Guide, "Post confirmation Lambda trigger"). It answers with the
 * very bytes that it was given, since Cognito fails the sign-up when a member is missing. Any
 * number of calls for one user, also at once, leave one row.
 *
 * <p>When the row cannot be written the call fails, and Cognito shows the failure's message to the
 * user.
 */
public final class PostConfirmation implements RequestStreamHandler {
  private static final Sql CONFIRM = Sql.load("users/confirm.sql");

  private final Database database;

  /** Takes the database from the environment variable {@code CONNECTION_URL}. */
  public PostConfirmation() {
    this(new Database());
    SnapStart.prime(this, database, "post-confirmation.json");
  }

  PostConfirmation(Database database) {
    this.database = database;
  }

  /**
   * Handles one event: Cognito's, or a schedule's, which runs the {@link Canary}.
   *
   * @throws ProfileNotSaved if the user has no row; its message is for the user
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Metrics.countColdStart(context);
    var bytes = input.readAllBytes();
    var event = JsonObject.parse(bytes);
    if (event.filter(Canary::isScheduled).isPresent()) {
      Canary.run(database, output, context);
      return;
    }
    confirm(event, context);
    output.write(bytes);
  }

  private void confirm(Optional<JsonObject> event, Context context) {
    var user =
        event
            .flatMap(NewUser::of)
            .orElseThrow(
                () -> {
                  context
                      .getLogger()
                      .log(
                          "the event has no usable sub or email in userAttributes", LogLevel.ERROR);
                  return new ProfileNotSaved(
                      "Your account lacks what Cruddur needs, such as an e-mail address. Please"
                          + " contact support.");
                });
    var query =
        CONFIRM
            .query()
            .bind("uuid", UuidV7.at(Instant.now()))
            .bind("cognito_user_id", user.cognitoUserId())
            .bind("display_name", user.displayName())
            .bind("handle", user.handle())
            .bind("handle_key", Folding.fold(user.handle()))
            .bind("email", user.email());
    try {
      var row = database.run(query, HttpHandler.timeLeft(context));
      if (row.column("created").equals(Optional.of("t"))) {
        Metrics.count(context, "Created");
      }
    } catch (DatabaseException failure) {
      Failures.log(failure, context);
      throw new ProfileNotSaved(
          "Your account is confirmed, but your profile could not be saved. Please try again in a"
              + " minute.");
    }
  }
}
