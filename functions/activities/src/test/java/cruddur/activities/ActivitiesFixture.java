package cruddur.activities;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import cruddur.database.Database;
import cruddur.lambda.JsonObject;
import cruddur.postgres.Postgres;
import cruddur.testbed.Invocation;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A database with two users, and calls as the HTTP API would make them. */
final class ActivitiesFixture implements AutoCloseable {
  static final String LONDO = "sub-of-londo";
  static final String VIR = "sub-of-vir";

  /** For tests that are about something else. */
  static final PostLimit NO_LIMIT = new PostLimit(1_000_000, Duration.ofSeconds(1));

  final Postgres postgres = Postgres.temporary();

  /** As CreateActivity has it. */
  final Database database = new Database(postgres.url("cruddur_activities"));

  /** As HomeActivities has it. */
  final Database feed = new Database(postgres.url("cruddur_feed"));

  ActivitiesFixture() throws SQLException {
    postgres.execute(
        "insert into users (display_name, handle, email, cognito_user_id) values"
            + " ('Londo Mollari', 'londo', 'londo@example.com', '"
            + LONDO
            + "'),"
            + " ('Vir Cotto', 'vir', 'vir@example.com', '"
            + VIR
            + "')");
  }

  /** The claims of an access token of Cognito's. */
  static Map<String, String> accessToken(String sub) {
    return Map.of("sub", sub, "username", sub, "token_use", "access", "client_id", "client");
  }

  /** A request's event, from its parts. */
  static byte[] event(
      Map<String, String> claims,
      Map<String, String> headers,
      Map<String, String> query,
      String body,
      boolean base64) {
    var json =
        """
        {"version": "2.0", "headers": %s, "queryStringParameters": %s,
         "requestContext": {"authorizer": {"jwt": {"claims": %s}}},
         "body": "%s", "isBase64Encoded": %s}
        """
            .formatted(object(headers), object(query), object(claims), quoted(body), base64);
    return json.getBytes(StandardCharsets.UTF_8);
  }

  /** A JSON object of strings. */
  static String object(Map<String, String> members) {
    var pairs = new ArrayList<String>();
    members.forEach(
        (name, value) -> pairs.add('"' + quoted(name) + "\": \"" + quoted(value) + '"'));
    return "{" + String.join(", ", pairs) + "}";
  }

  private static String quoted(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }

  /** The response to a post of an author. */
  static Response post(
      CreateActivity function, String author, Map<String, String> headers, String body) {
    return call(function, event(accessToken(author), headers, Map.of(), body, false));
  }

  /** The response to a read of the feed. */
  static Response read(HomeActivities function, Map<String, String> query) {
    return call(function, event(Map.of(), Map.of(), query, "", false));
  }

  /** What a handler answers: status, headers and body. */
  static Response call(RequestStreamHandler handler, byte[] event) {
    var invocation = new Invocation();
    var bytes = invocation.call(handler, event);
    var json = JsonObject.parse(bytes).orElseThrow();
    var headers = new TreeMap<String, String>();
    for (var name :
        List.of(
            "content-type",
            "x-content-type-options",
            "link",
            "retry-after",
            "idempotency-replayed")) {
      json.string("headers", name).ifPresent(value -> headers.put(name, value));
    }
    return new Response(
        Integer.parseInt(json.scalar("statusCode").orElseThrow()),
        json.string("body").orElseThrow(),
        headers,
        invocation.log());
  }

  record Response(int status, String body, Map<String, String> headers, String log) {
    /** A member of the body, which is an object. */
    String member(String name) {
      return JsonObject.parse(body).orElseThrow().scalar(name).orElseThrow();
    }
  }

  long count(String condition) throws SQLException {
    return Long.parseLong(postgres.value("select count(*) from activities where " + condition));
  }

  @Override
  public void close() {
    database.close();
    feed.close();
    postgres.close();
  }
}
