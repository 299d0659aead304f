package cruddur.faults;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the clients attempted and what they were told, to be held against the tables. */
final class Ledger {
  private final String run = UUID.randomUUID().toString();
  private final AtomicInteger attempted = new AtomicInteger();
  private final Map<String, String> uuids = new ConcurrentHashMap<>();
  private final Map<String, Boolean> signedUp = new ConcurrentHashMap<>();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final AtomicLong slowestNanos = new AtomicLong();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  /**
   * What came of the posts.
   *
   * @param attempted posts, however often each was sent
   * @param acknowledged posts that were answered with 200
   * @param found posts that are stored, once or more
   * @param doubled posts that are stored more than once, or under a key stored more than once
   * @param lost acknowledged posts and sign-ups that are not stored as acknowledged
   */
  record Balance(int attempted, int acknowledged, int found, int doubled, int lost) {}

  /** The text of a new post, like no other. */
  String message() {
    return "crud " + run + " " + attempted.incrementAndGet();
  }

  void acknowledge(String message, String uuid) {
    uuids.put(message, uuid);
  }

  void acknowledgeSignUp(String sub) {
    signedUp.put(sub, true);
  }

  void unavailable() {
    unavailable.incrementAndGet();
  }

  /** Notes an answer that no fault excuses. */
  void wrong(String answer) {
    wrong.add(answer);
  }

  void took(long nanos) {
    slowestNanos.accumulateAndGet(nanos, Math::max);
  }

  /** Forgets how long anybody has waited so far. */
  void forgetWaits() {
    slowestNanos.set(0);
  }

  int unavailables() {
    return unavailable.get();
  }

  List<String> wrongs() {
    return List.copyOf(wrong);
  }

  double slowestSeconds() {
    return slowestNanos.get() / 1e9;
  }

  /** Compares with what is stored. */
  Balance balance(Server server) throws SQLException {
    var stored = new HashMap<String, String>();
    var doubled = 0;
    try (var connection = server.connect();
        var query =
            connection.prepareStatement(
                "select message, string_agg(uuid::text, ' '), count(*) from activities"
                    + " where message like ? group by message")) {
      query.setString(1, "crud " + run + " %");
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          stored.put(rows.getString(1), rows.getString(2));
          doubled += rows.getInt(3) > 1 ? 1 : 0;
        }
      }
    }
    doubled +=
        Integer.parseInt(
            server.value(
                "select count(*) from (select from activities where idempotency_key is not null"
                    + " group by user_uuid, idempotency_key having count(*) > 1) as twice"));
    var lost =
        uuids.entrySet().stream()
            .filter(post -> !stored.getOrDefault(post.getKey(), "").contains(post.getValue()))
            .count();
    return new Balance(
        attempted.get(),
        uuids.size(),
        stored.size(),
        doubled,
        Math.toIntExact(lost) + lostSignUps(server));
  }

  private int lostSignUps(Server server) throws SQLException {
    try (var connection = server.connect();
        var query =
            connection.prepareStatement(
                "select count(*) from users where cognito_user_id = any(?)")) {
      query.setArray(1, connection.createArrayOf("text", signedUp.keySet().toArray()));
      try (var rows = query.executeQuery()) {
        rows.next();
        return signedUp.size() - rows.getInt(1);
      }
    }
  }
}
