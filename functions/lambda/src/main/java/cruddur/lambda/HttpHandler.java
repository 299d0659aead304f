package cruddur.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import cruddur.database.Database;
import cruddur.database.DatabaseUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Responds to the requests of the HTTP API to one function. */
@FunctionalInterface
public interface HttpHandler {
  /** Seconds after which a client may repeat a request that the database could not serve. */
  String RETRY_AFTER = "1";

  /**
   * Responds to one request.
   *
   * @param context of the call, with the time that it has left
   */
  HttpResponse respond(HttpRequest request, Context context);

  /**
   * Handles an event of a function that only the HTTP API and a schedule invoke. The schedule's
   * event runs the {@link Canary}.
   *
   * @param database the function's own
   * @param handler see {@link #respond(JsonObject, OutputStream, Context, HttpHandler)}
   */
  static void handle(
      InputStream input,
      OutputStream output,
      Context context,
      Database database,
      HttpHandler handler)
      throws IOException {
    Metrics.countColdStart(context);
    var event = JsonObject.parse(input.readAllBytes());
    if (event.filter(Canary::isScheduled).isPresent()) {
      Canary.run(database, output, context);
    } else {
      respond(event, context, handler).writeTo(output);
    }
  }

  /**
   * Writes the response to an event of the HTTP API. If the handler throws, the response is 503
   * with {@code Retry-After} for a database that could not serve it in time, and 500 for any other
   * failure, which is a bug. Both are logged.
   */
  static void respond(JsonObject event, OutputStream output, Context context, HttpHandler handler)
      throws IOException {
    respond(Optional.of(event), context, handler).writeTo(output);
  }

  private static HttpResponse respond(
      Optional<JsonObject> event, Context context, HttpHandler handler) {
    try {
      var response = handler.respond(new HttpRequest(event.orElseThrow()), context);
      response.codes().forEach(code -> Metrics.count(context, "Rejected", "code", code));
      return response;
    } catch (DatabaseUnavailableException failure) {
      Failures.log(failure, context);
      return HttpResponse.error(503, "database_unavailable").with("retry-after", RETRY_AFTER);
    } catch (RuntimeException bug) {
      Failures.log(bug, context);
      return HttpResponse.error(500, "internal_error");
    }
  }
}
