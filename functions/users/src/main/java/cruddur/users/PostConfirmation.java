package cruddur.users;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import cruddur.database.Database;
import cruddur.database.DatabaseException;
import cruddur.database.Folding;
import cruddur.database.Query;
import cruddur.database.Sql;
import cruddur.database.UuidV7;
import cruddur.lambda.Canary;
import cruddur.lambda.Failures;
import cruddur.lambda.JsonObject;
import cruddur.lambda.Metrics;
import cruddur.lambda.SnapStart;
import cruddur.lambda.TimeLeft;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Writes the row of a confirmed user. The function is two triggers of the user pool (Amazon Cognito
 * Developer Guide, "Post confirmation Lambda trigger" and "Post authentication Lambda trigger").
 * The response is the event, byte for byte: Cognito fails the sign-up or the sign-in if a member is
 * missing. Any number of calls for one user, also at once, leave one row.
 *
 * <p>At a confirmation, the call fails when the row cannot be written, and Cognito shows the
 * failure's message to the user. Cognito does not confirm the user a second time. So each sign-in
 * writes the row if it is missing. Neither a failure of the database nor an incomplete user stops a
 * sign-in.
 */
public final class PostConfirmation implements RequestStreamHandler {
  private static final Sql CONFIRM = Sql.load("users/confirm.sql");

  /** The {@code triggerSource} of a sign-in; every other one is a confirmation. */
  private static final String SIGN_IN = "PostAuthentication_Authentication";

  /** The longest that a sign-in waits for the database. Almost every user has a row already. */
  private static final Duration SIGN_IN_LIMIT = Duration.ofSeconds(2);

  private final Database database;

  /** Takes the database from the environment variable {@code CONNECTION_URL}. */
  public PostConfirmation() {
    this(new Database());
    SnapStart.register(this, database, "post-confirmation.json");
  }

  PostConfirmation(Database database) {
    this.database = database;
  }

  /** The result of writing a user's row. */
  private enum Outcome {
    CREATED,
    UNCHANGED,
    USER_INCOMPLETE,
    DATABASE_FAILED
  }

  /**
   * Handles one event: Cognito's, or a schedule's, which runs the {@link Canary}.
   *
   * @throws ProfileNotSavedException if a confirmed user has no row; its message is for the user
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
    switch (event.flatMap(members -> members.string("triggerSource")).orElse("")) {
      case SIGN_IN -> heal(event, context);
      default -> confirm(event, context);
    }
    output.write(bytes);
  }

  private void confirm(Optional<JsonObject> event, Context context) {
    switch (save(event, TimeLeft.of(context), context)) {
      case CREATED, UNCHANGED -> {}
      case USER_INCOMPLETE ->
          throw new ProfileNotSavedException(
              "Your account lacks what Cruddur needs, such as an e-mail address. Please contact"
                  + " support.");
      case DATABASE_FAILED ->
          throw new ProfileNotSavedException(
              "Your account is confirmed, but your profile could not be saved. It will be saved"
                  + " when you sign in.");
    }
  }

  /** Counts as {@code Healed} each row that a confirmation should have written. */
  private void heal(Optional<JsonObject> event, Context context) {
    if (save(event, TimeLeft.atMost(SIGN_IN_LIMIT, context), context) == Outcome.CREATED) {
      Metrics.count(context, "Healed");
    }
  }

  private Outcome save(Optional<JsonObject> event, Duration timeLeft, Context context) {
    var user = event.flatMap(NewUser::parse);
    if (user.isEmpty()) {
      context
          .getLogger()
          .log("the event has no usable sub or email in userAttributes", LogLevel.ERROR);
      return Outcome.USER_INCOMPLETE;
    }
    try {
      var row = database.run(query(user.get()), timeLeft);
      if (!row.text("created").equals("t")) {
        return Outcome.UNCHANGED;
      }
      Metrics.count(context, "Created");
      return Outcome.CREATED;
    } catch (DatabaseException failure) {
      Failures.log(failure, context);
      return Outcome.DATABASE_FAILED;
    }
  }

  private static Query query(NewUser user) {
    return CONFIRM
        .query()
        .bind("uuid", UuidV7.at(Instant.now()))
        .bind("cognito_user_id", user.cognitoUserId())
        .bind("display_name", user.displayName())
        .bind("handle", user.handle())
        .bind("handle_key", Folding.fold(user.handle()))
        .bind("email", user.email());
  }
}
