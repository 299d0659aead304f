package cruddur.activities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.testbed.Fuzz;
import cruddur.testbed.Invocation;
import cruddur.testbed.RandomInput;
import cruddur.testbed.StrictJson;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Requests of any kind to create an activity: each is answered as {@link CreateContract} says, and
 * leaves exactly one row or none.
 */
@Tag("newest-server")
class CreateFuzzTest {
  private static final List<String> SECRETS =
      List.of(
          "londo@example.com",
          "vir@example.com",
          "marker",
          ActivitiesFixture.LONDO,
          ActivitiesFixture.VIR);

  private static ActivitiesFixture fixture;
  private static Connection connection;
  private static CreateActivity create;
  private static HomeActivities home;

  private final Map<List<String>, Stored> stored = new HashMap<>();
  private String newest = "";

  /** What was created with an author's key. */
  private record Stored(String message, String ttl, String body) {}

  @BeforeAll
  static void start() throws SQLException {
    fixture = new ActivitiesFixture();
    // Millions of commits need not outlive a power cut.
    fixture.postgres.execute("alter system set synchronous_commit = off");
    fixture.postgres.execute("select pg_reload_conf()");
    // This user would match if half of a surrogate pair became a question mark.
    fixture.postgres.execute(
        "insert into users (display_name, handle, email, cognito_user_id)"
            + " values ('Kosh', 'kosh', 'kosh@example.com', 'sub-of-?')");
    connection = fixture.postgres.connect();
    create = new CreateActivity(fixture.database, ActivitiesFixture.NO_LIMIT);
    home = new HomeActivities(fixture.feed);
  }

  @AfterAll
  static void stop() throws SQLException {
    connection.close();
    fixture.close();
  }

  @Test
  void everyResponseFollowsTheContract() {
    Fuzz.run("POST /api/activities", this::check);
  }

  private void check(RandomInput random) throws SQLException {
    var request = RandomRequest.create(random);
    try {
      check(request);
    } catch (AssertionError failure) {
      var event = new String(request.event(), StandardCharsets.UTF_8);
      throw new AssertionError(failure.getMessage() + "\n" + event, failure);
    }
  }

  private void check(RandomRequest request) throws SQLException {
    var invocation = new Invocation();
    var bytes = invocation.call(create, request.event());
    var response = StrictJson.object(bytes).orElseThrow();
    var text = new String(bytes, StandardCharsets.UTF_8);

    assertEquals("", invocation.log(), "nothing that a client sends is logged");
    assertEquals(Set.of("statusCode", "headers", "body"), response.keySet());
    for (var secret : SECRETS) {
      assertFalse(text.contains(secret), text);
    }
    var expected = CreateContract.expect(request);
    var key = List.of(expected.author(), request.idempotencyKey());
    var earlier = request.idempotencyKey().isEmpty() ? null : stored.get(key);
    if (!expected.codes().isEmpty()) {
      assertResponse(expected.status(), array(expected.codes()), response);
      assertEquals(List.of("content-type", "x-content-type-options"), headers(response));
      assertNothingNew();
    } else if (earlier == null) {
      assertCreated(expected, response);
      stored.put(key, new Stored(expected.message(), expected.ttl(), body(response)));
    } else if (earlier.message().equals(expected.message())
        && earlier.ttl().equals(expected.ttl())) {
      assertResponse(200, earlier.body(), response);
      assertTrue(headers(response).contains("idempotency-replayed"));
      assertNothingNew();
    } else {
      assertResponse(422, array(List.of("idempotency_key_reused")), response);
      assertNothingNew();
    }
  }

  /** One row is new. The row, the response and the feed have exactly the message. */
  private void assertCreated(CreateContract.Expected expected, Map<String, ?> response)
      throws SQLException {
    assertEquals("200", literal(response.get("statusCode")), body(response));
    assertEquals(List.of("content-type", "x-content-type-options"), headers(response));
    var made = StrictJson.object(body(response).getBytes(StandardCharsets.UTF_8)).orElseThrow();
    assertEquals(
        Set.of("uuid", "display_name", "handle", "message", "created_at", "expires_at"),
        made.keySet());
    assertEquals(expected.message(), made.get("message"));
    var rows = newestRows();
    assertEquals(
        List.of(
            String.valueOf(made.get("uuid")),
            expected.message(),
            expected.author(),
            expected.ttl()),
        rows.getFirst());
    assertEquals(newest, rows.size() > 1 ? rows.get(1).getFirst() : "", "one row more");
    newest = rows.getFirst().getFirst();

    var feed = ActivitiesFixture.read(home, Map.of("limit", "1"));
    var first = feed.body().substring(1, feed.body().length() - 1);
    var item = StrictJson.object(first.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    assertEquals(made.get("uuid"), item.get("uuid"));
    assertEquals(expected.message(), item.get("message"));
  }

  private void assertNothingNew() throws SQLException {
    var rows = newestRows();
    assertEquals(newest, rows.isEmpty() ? "" : rows.getFirst().getFirst(), "no row");
  }

  /** The two newest rows: uuid, message, the author's sub, ttl. */
  private static List<List<String>> newestRows() throws SQLException {
    var result = new ArrayList<List<String>>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                select activities.uuid, message, cognito_user_id,
                  extract(epoch from expires_at - activities.created_at)::integer / 3600
                from activities join users on users.uuid = user_uuid
                order by activities.uuid desc limit 2
                """)) {
      while (rows.next()) {
        result.add(
            List.of(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                CreateContract.TIMES_TO_LIVE.get(rows.getInt(4))));
      }
    }
    return result;
  }

  private static void assertResponse(int status, String body, Map<String, ?> response) {
    assertEquals(status + " " + body, literal(response.get("statusCode")) + " " + body(response));
  }

  private static String array(List<String> codes) {
    return "[\"" + String.join("\",\"", codes) + "\"]";
  }

  private static String body(Map<String, ?> response) {
    return String.valueOf(response.get("body"));
  }

  private static List<String> headers(Map<String, ?> response) {
    return response.get("headers") instanceof Map<?, ?> headers
        ? headers.keySet().stream().map(String::valueOf).toList()
        : List.of();
  }

  private static String literal(@Nullable Object value) {
    return value instanceof StrictJson.Literal(var text) ? text : "";
  }
}
