package cruddur.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import cruddur.local.template.Json;
import cruddur.testbed.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged feed on a streaming standby, and posts on the primary. */
class FeedOnStandbyTest {
  private static final Pattern NEXT = Pattern.compile("&before=([0-9a-f-]+)>; rel=\"next\"");
  private static final int POSTS = 8;
  private static final int LIMIT = 5;

  /** Far more than a busy machine needs for one repeated read. */
  private static final int TRIES = 20;

  @TempDir static Path folder;
  private static FaultFixture fixture;
  private final Ledger ledger = new Ledger();

  @BeforeAll
  static void start() throws Exception {
    // Replay cancels a conflicting read at once, not after 30 seconds.
    var server =
        Server.start(
            folder.resolve("postgres"), "-c max_connections=20 -c max_standby_streaming_delay=0");
    fixture = new FaultFixture(folder, server, 1);
    fixture.addFeedStandby();
  }

  @AfterAll
  static void stop() throws IOException {
    fixture.close();
    fixture.server().close();
  }

  /** A 500 or a timeout is wrong, even without the standby. */
  @AfterEach
  void noResponseIsWrong() {
    assertEquals(List.of(), ledger.wrongs());
    assertEquals(List.of(), ledger.timeouts());
  }

  @Test
  void pagesHaveEveryLiveActivityOfThePrimaryOnce() throws Exception {
    for (var post = 0; post < POSTS; post++) {
      post();
    }
    fixture.awaitFeedStandby();
    assertEquals(live(fixture.server()), pages());
  }

  @Test
  void noWriteIsPossible() throws Exception {
    for (var session : List.of("on", "off")) {
      for (var write : List.of("delete from activities", "create temporary table x ()")) {
        assertEquals("25006", sqlState(fixture.feedStandby(), session, write), write);
      }
    }
  }

  /** Authors still see their posts, since the page shows the response to a post. */
  @Test
  void aStandbyThatIsBehindServesThePast() throws Exception {
    fixture.awaitFeedStandby();
    var standby = fixture.feedStandby();
    standby.execute("select pg_wal_replay_pause()");
    List<String> past;
    String posted;
    try {
      standby.await("select pg_get_wal_replay_pause_state() = 'paused'");
      past = pages();
      posted = post();
      assertEquals(past, pages());
    } finally {
      standby.execute("select pg_wal_replay_resume()");
    }
    fixture.awaitFeedStandby();
    assertEquals(posted, pages().getFirst());
    assertEquals(past, pages().subList(1, past.size() + 1));
  }

  @Test
  void aReadThatReplayCancelsIsRepeated() throws Exception {
    assertEquals(200, status(page("")));
    var conflicts = conflicts();
    var status = statusOfCancelledRead();
    for (var tries = 1; status == 503 && tries < TRIES; tries++) {
      status = statusOfCancelledRead();
    }
    assertEquals(200, status);
    assertTrue(conflicts() > conflicts, "no read was cancelled");
  }

  /**
   * Locks one table, so that a read waits with a lock on the other. Replaying a lock on that one
   * then cancels the read.
   */
  private int statusOfCancelledRead() throws Exception {
    try (var connection = fixture.server().connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      lock(statement, "users");
      var response = CompletableFuture.supplyAsync(() -> page(""));
      var waiting = "select count(*) from pg_locks where not granted";
      Wait.until(
          "the read waits",
          () -> response.isDone() || !fixture.feedStandby().value(waiting).equals("0"));
      lock(statement, "activities");
      connection.rollback();
      send();
      return status(response.get());
    }
  }

  /** Locks a table. On return, the standby has replayed the lock. */
  private static void lock(Statement statement, String table) throws Exception {
    statement.execute("lock table " + table + " in access exclusive mode");
    send();
    fixture
        .feedStandby()
        .await(
            "select exists (select from pg_locks where relation = '%s'::regclass".formatted(table)
                + " and mode = 'AccessExclusiveLock' and granted)");
  }

  /** Commits something, so that the earlier log is sent too. */
  private static void send() throws SQLException {
    fixture.server().execute("select pg_logical_emit_message(true, 'test', '')");
  }

  private static long conflicts() throws IOException {
    try (var lines = Files.lines(fixture.feedStandby().log())) {
      return lines
          .filter(line -> line.contains("canceling statement due to conflict with recovery"))
          .count();
    }
  }

  @Test
  void withoutTheStandbyPostsGoOnAndReadsGet503() throws Exception {
    assertEquals(200, status(page("")));
    var standby = fixture.feedStandby();
    standby.stop("fast");
    String posted;
    try {
      var response = page("");
      assertEquals(503, status(response));
      assertNotEquals("", response.path("headers").path("retry-after").asText());
      posted = post();
    } finally {
      standby.start();
    }
    assertEquals(200, status(page("")));
    fixture.awaitFeedStandby();
    assertTrue(pages().contains(posted));
  }

  /** As in Aurora, where a reader becomes the writer and the reader endpoint leads there too. */
  @Test
  void aPromotedStandbyServesReadsAndPosts() throws Exception {
    var past = post();
    fixture.awaitFeedStandby();
    var promoted = fixture.feedStandby();
    fixture.server().discard();
    promoted.promote();
    fixture.moveTo(promoted);
    var posted = post();
    assertEquals(List.of(posted, past), pages().subList(0, 2));
    assertEquals(live(promoted), pages());
    assertEquals("25006", sqlState(promoted, "on", "delete from activities"));
    assertEquals("42501", sqlState(promoted, "off", "delete from activities"));
    fixture.addFeedStandby();
    fixture.awaitFeedStandby();
    assertEquals(live(promoted), pages());
  }

  private String post() {
    var calls = fixture.calls(ledger);
    var message = ledger.message();
    var response = PoolUser.andrew(calls).post(message, UUID.randomUUID().toString(), false);
    var activity = Json.parse(response.path("body").asText());
    assertEquals(message, activity.path("message").asText(), response.toString());
    return activity.path("uuid").asText();
  }

  /** The uuids of all pages of the feed, in their order. */
  private List<String> pages() {
    var uuids = new ArrayList<String>();
    var before = "";
    do {
      var response = page(before);
      assertEquals(200, status(response), response.toString());
      Json.parse(response.path("body").asText())
          .forEach(activity -> uuids.add(activity.path("uuid").asText()));
      var next = NEXT.matcher(response.path("headers").path("link").asText());
      before = next.find() ? next.group(1) : "";
    } while (!before.isEmpty());
    return uuids;
  }

  private JsonNode page(String before) {
    var event = Calls.sample("home-activities");
    var query = (ObjectNode) event.path("queryStringParameters");
    query.put("limit", Integer.toString(LIMIT));
    if (!before.isEmpty()) {
      query.put("before", before);
    }
    return fixture.calls(ledger).call(FaultFixture.FEED, event, Calls::isOk);
  }

  private static int status(JsonNode response) {
    return response.path("statusCode").asInt();
  }

  private static List<String> live(Server server) throws SQLException {
    return List.of(
        server
            .value(
                "select string_agg(uuid::text, ' ' order by uuid desc) from activities"
                    + " where expires_at > now()")
            .split(" "));
  }

  /** The SQLSTATE of a write by the feed's role. */
  private static String sqlState(Server server, String readOnly, String write) throws SQLException {
    try (var connection = server.connect("cruddur", "cruddur_feed");
        var statement = connection.createStatement()) {
      statement.execute("set default_transaction_read_only = " + readOnly);
      return assertThrows(SQLException.class, () -> statement.execute(write)).getSQLState();
    }
  }
}
