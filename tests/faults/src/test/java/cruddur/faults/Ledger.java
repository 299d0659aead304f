package cruddur.faults;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The clients' attempts and responses, to compare with the tables. */
final class Ledger {
  private final String run = UUID.randomUUID().toString();
  private final AtomicInteger attempted = new AtomicInteger();
  private final Map<String, String> uuids = new ConcurrentHashMap<>();
  private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
  private final Set<String> signedUp = ConcurrentHashMap.newKeySet();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final AtomicLong slowestNanos = new AtomicLong();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Queue<String> timedOut = new ConcurrentLinkedQueue<>();

  /**
   * The comparison of posts and tables.
   *
   * @param attempted posts, each counted once
   * @param acknowledged posts with the response 200
   * @param found posts that are stored at least once
   * @param doubled posts that are stored more than once, or under a key stored more than once
   * @param lost acknowledged posts and sign-ups that are not stored as acknowledged
   */
  record Balance(int attempted, int acknowledged, int found, int doubled, int lost) {
    /** The promises that are broken. */
    List<String> broken() {
      var broken = new ArrayList<String>();
      if (acknowledged == 0) {
        broken.add("nothing was acknowledged");
      }
      if (lost > 0) {
        broken.add("lost: " + lost);
      }
      if (doubled > 0) {
        broken.add("doubled: " + doubled);
      }
      return broken;
    }
  }

  /** A unique text for a new post. */
  String message() {
    return "activity " + run + " " + attempted.incrementAndGet();
  }

  void acknowledge(String message, String uuid) {
    uuids.put(message, uuid);
  }

  /** Notes a user whom Cognito has confirmed. */
  void confirm(String sub) {
    confirmed.add(sub);
  }

  /** Notes a user whose row must exist, according to a response. */
  void acknowledgeSignUp(String sub) {
    signedUp.add(sub);
  }

  void unavailable() {
    unavailable.incrementAndGet();
  }

  /** Notes a response that is wrong during any fault. */
  void wrong(String response) {
    wrong.add(response);
  }

  /** Notes a call that Lambda ended. */
  void timedOut(String response) {
    timedOut.add(response);
  }

  void took(long nanos) {
    slowestNanos.accumulateAndGet(nanos, Math::max);
  }

  /**
   * Forgets the waits and refusals from before the fault, such as for the start of environments.
   */
  void forgetWaits() {
    unavailable.set(0);
    slowestNanos.set(0);
    timedOut.clear();
  }

  int unavailables() {
    return unavailable.get();
  }

  int attempted() {
    return attempted.get();
  }

  int acknowledged() {
    return uuids.size();
  }

  Set<String> confirmed() {
    return Set.copyOf(confirmed);
  }

  List<String> wrongs() {
    return List.copyOf(wrong);
  }

  List<String> timeouts() {
    return List.copyOf(timedOut);
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
      query.setString(1, "activity " + run + " %");
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
    return withoutRow(server, Set.copyOf(signedUp)).size();
  }

  /** The users without a row, among some. */
  Set<String> withoutRow(Server server, Set<String> subs) throws SQLException {
    var without = new HashSet<String>();
    rows(server, subs)
        .forEach(
            (sub, rows) -> {
              if (rows == 0) {
                without.add(sub);
              }
            });
    return without;
  }

  /** The number of rows of each of some users. */
  Map<String, Integer> rows(Server server, Set<String> subs) throws SQLException {
    var rows = new HashMap<String, Integer>();
    try (var connection = server.connect();
        var query =
            connection.prepareStatement(
                "select sub, count(users.uuid) from unnest(?) as sub"
                    + " left join users on users.cognito_user_id = sub group by sub")) {
      query.setArray(1, connection.createArrayOf("text", subs.toArray()));
      try (var counts = query.executeQuery()) {
        while (counts.next()) {
          rows.put(counts.getString(1), counts.getInt(2));
        }
      }
    }
    return rows;
  }
}
