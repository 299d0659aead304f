package cruddur.activities;

import com.amazonaws.services.lambda.runtime.Context;
import cruddur.database.Database;
import cruddur.database.Sql;
import cruddur.lambda.Checked;
import cruddur.lambda.HttpHandler;
import cruddur.lambda.HttpRequest;
import cruddur.lambda.HttpResponse;
import cruddur.lambda.SnapStart;
import java.time.Duration;

/**
 * Answers a page of the home feed: {@code GET /api/activities/home}. Public: it never looks at who
 * asks. When older activities exist, a {@code Link} header names the next page.
 */
public final class HomeActivities extends HttpHandler {
  private static final Sql HOME = Sql.load("activities/home.sql");

  private final Database database;

  /** Takes the database from the environment variable {@code CONNECTION_URL}. */
  public HomeActivities() {
    this(new Database());
    SnapStart.prime(this, database, "home-activities.json");
  }

  HomeActivities(Database database) {
    super(database);
    this.database = database;
  }

  @Override
  protected HttpResponse respond(HttpRequest request, Context context) {
    return switch (Page.read(request)) {
      case Checked.Rejected(var response) -> response;
      case Checked.Accepted(var page) -> respond(page, timeLeft(context));
    };
  }

  private HttpResponse respond(Page page, Duration timeLeft) {
    var query = HOME.query().bind("before", page.before()).bind("limit", page.limit());
    var row = database.run(query, timeLeft);
    var response = HttpResponse.ok(row.json());
    return row.column("next")
        .map(next -> response.with("link", link(page.limit(), next)))
        .orElse(response);
  }

  private static String link(int limit, String before) {
    return "</api/activities/home?limit=" + limit + "&before=" + before + ">; rel=\"next\"";
  }
}
