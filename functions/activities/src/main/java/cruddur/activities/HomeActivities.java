package cruddur.activities;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import cruddur.database.Database;
import cruddur.database.Sql;
import cruddur.lambda.HttpHandler;
import cruddur.lambda.HttpRequest;
import cruddur.lambda.HttpResponse;
import cruddur.lambda.SnapStart;
import cruddur.lambda.TimeLeft;
import cruddur.lambda.Validated;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Returns a page of the home feed: {@code GET /api/activities/home}. It is public, and ignores the
 * caller. If older activities exist, a {@code Link} header names the next page.
 */
public final class HomeActivities implements RequestStreamHandler {
  private static final Sql HOME = Sql.load("activities/home.sql");

  private final Database database;

  /** Takes the database from the environment variable {@code CONNECTION_URL}. */
  public HomeActivities() {
    this(new Database());
    SnapStart.register(this, database, "home-activities.json");
  }

  HomeActivities(Database database) {
    this.database = database;
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    HttpHandler.handle(input, output, context, database, this::respond);
  }

  private HttpResponse respond(HttpRequest request, Context context) {
    return switch (PageRequest.parse(request)) {
      case Validated.Invalid(var response) -> response;
      case Validated.Valid(var page) -> respond(page, TimeLeft.of(context));
    };
  }

  private HttpResponse respond(PageRequest page, Duration timeLeft) {
    var query = HOME.query().bind("before", page.before()).bind("limit", page.limit());
    var row = database.run(query, timeLeft);
    var response = HttpResponse.ok(row.text("activities"));
    return row.column("next")
        .map(next -> response.with("link", link(page.limit(), next)))
        .orElse(response);
  }

  private static String link(int limit, String before) {
    return "</api/activities/home?limit=" + limit + "&before=" + before + ">; rel=\"next\"";
  }
}
