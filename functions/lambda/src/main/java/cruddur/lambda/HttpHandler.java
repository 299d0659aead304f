package cruddur.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import cruddur.database.Database;
import cruddur.database.DatabaseUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A function behind the HTTP API. A failure that its {@link #respond} throws becomes an answer: 503
 * with {@code Retry-After} when the database could not serve, 500 for anything else, which is a bug
 * and is logged. A schedule's call runs the {@link Canary}.
 */
public abstract class HttpHandler implements RequestStreamHandler {
  private static final String RETRY_AFTER_SECONDS = "1";

  private final Database database;

  /**
   * For the functions.
   *
   * @param database the function's own
   */
  protected HttpHandler(Database database) {
    this.database = database;
  }

  /**
   * Answers one request.
   *
   * @param context of the call, with the time that it has left
   */
  protected abstract HttpResponse respond(HttpRequest request, Context context);

  /** How long a call may still take. */
  public static Duration timeLeft(Context context) {
    return Duration.ofMillis(context.getRemainingTimeInMillis());
  }

  @Override
  public final void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Metrics.countColdStart(context);
    var event = JsonObject.parse(input.readAllBytes());
    if (event.filter(Canary::isScheduled).isPresent()) {
      Canary.run(database, output, context);
    } else {
      answer(context, () -> respond(new HttpRequest(event.orElseThrow()), context)).writeTo(output);
    }
  }

  /**
   * The answer of a function, or of its failure. For a function that the HTTP API is not alone in
   * calling, and that so cannot be one of these.
   */
  public static HttpResponse answer(Context context, Supplier<HttpResponse> respond) {
    try {
      var response = respond.get();
      response.codes().forEach(code -> Metrics.count(context, "Rejected", "code", code));
      return response;
    } catch (DatabaseUnavailable failure) {
      Failures.log(failure, context);
      return HttpResponse.error(503, "database_unavailable")
          .with("retry-after", RETRY_AFTER_SECONDS);
    } catch (RuntimeException bug) {
      Failures.log(bug, context);
      return HttpResponse.error(500, "internal_error");
    }
  }
}
