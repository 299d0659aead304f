package cruddur.activities;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import cruddur.database.Database;
import cruddur.database.Row;
import cruddur.database.Sql;
import cruddur.database.UuidV7;
import cruddur.lambda.HttpHandler;
import cruddur.lambda.HttpRequest;
import cruddur.lambda.HttpResponse;
import cruddur.lambda.Metrics;
import cruddur.lambda.SnapStart;
import cruddur.lambda.TimeLeft;
import cruddur.lambda.Validated;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;

/**
 * Creates an activity for a signed-in user: {@code POST /api/activities}. A repeat with the same
 * {@code Idempotency-Key}, message and ttl gets the first activity.
 */
public final class CreateActivity implements RequestStreamHandler {
  private static final Sql CREATE = Sql.load("activities/create.sql");

  private final Database database;
  private final PostLimit limit;

  /**
   * Takes the database from the environment variable {@code CONNECTION_URL}, and the limit of an
   * author's posts from {@code POSTS_LIMIT} and {@code POSTS_WINDOW_SECONDS}.
   */
  public CreateActivity() {
    this(new Database(), PostLimit.of(System.getenv()));
    SnapStart.register(this, database, "create-activity.json");
  }

  CreateActivity(Database database, PostLimit limit) {
    this.database = database;
    this.limit = limit;
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    HttpHandler.handle(input, output, context, database, this::respond);
  }

  private HttpResponse respond(HttpRequest request, Context context) {
    return switch (NewActivity.parse(request)) {
      case Validated.Invalid(var response) -> response;
      case Validated.Valid(var activity) -> respond(create(activity, context), context);
    };
  }

  private Row create(NewActivity activity, Context context) {
    var query =
        CREATE
            .query()
            .bind("window", Math.toIntExact(limit.window().toSeconds()))
            .bind("posts", limit.posts())
            .bind("cognito_user_id", activity.cognitoUserId())
            .bind("uuid", UuidV7.at(Instant.now()))
            .bind("message", activity.message())
            .bind("time_to_live", Math.toIntExact(activity.timeToLive().duration().toSeconds()))
            .bind("idempotency_key", activity.idempotencyKey());
    var row = database.run(query, TimeLeft.of(context));
    // Another transaction committed the key or uuid meanwhile. A new statement sees its row.
    return outcome(row).equals("pending") ? database.run(query, TimeLeft.of(context)) : row;
  }

  private static HttpResponse respond(Row row, Context context) {
    return switch (outcome(row)) {
      case "created" -> {
        Metrics.count(context, "Created");
        yield HttpResponse.ok(row.text("activity"));
      }
      case "replayed" -> HttpResponse.ok(row.text("activity")).with("idempotency-replayed", "true");
      case "reused" -> HttpResponse.error(422, "idempotency_key_reused");
      case "user_not_found" -> HttpResponse.error(404, "user_not_found");
      case "too_frequent" ->
          HttpResponse.error(429, "posts_too_frequent")
              .with("retry-after", row.text("retry_after"));
      default -> throw new IllegalStateException("sql/activities/create.sql: " + outcome(row));
    };
  }

  private static String outcome(Row row) {
    return row.text("outcome");
  }
}
