package cruddur.database;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The database of one execution environment: one connection, opened by the first call, kept for the
 * next ones and replaced when it broke. Threads that share it take turns.
 *
 * <p>Each deadline lies inside the next. The server ends a wait for a lock after 1 s, and a
 * statement after 1.5 s ({@code sql/migrations/R__roles.sql}), so it reports the failure itself. A
 * connection that is silent for 1.7 s is dead: a new one repeats the statement in the rest of the
 * time. All attempts end after 3 s, or earlier: 300 ms before the call's own end. So the caller can
 * still report that the database is unavailable. One case takes longer; see below.
 *
 * <p>The first opening of a process is slow, because its code is not compiled yet: 2 to 4 s with
 * the processor share of 512 MiB. So a call's first attempt may last until 300 ms before the call's
 * own end, as long as no connection was opened before. Each wait for the server still ends after 2
 * s, and no attempt begins after 3 s.
 */
public final class Database implements AutoCloseable {
  /** The part of a call's time that is reserved for the response to a failure. */
  private static final Duration RESERVE = Duration.ofMillis(300);

  /**
   * The longest that a caller waits for the database, even if the call has more time left. Only the
   * first opening of a process may take longer.
   */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  /** A repeat with less time would only time out, and its failure would hide the first one. */
  private static final Duration SHORTEST_ATTEMPT = Duration.ofMillis(100);

  private final Connector connector;
  private final Clock clock;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Session session;
  private boolean isPriming;

  /**
   * The database that the environment variable {@code CONNECTION_URL} names. Where that has no
   * password, the function's role signs in by IAM in {@code AWS_REGION}.
   *
   * @throws IllegalArgumentException if it is not set or invalid; the message names the reason and
   *     no secret
   */
  public Database() {
    this(
        System.getenv().getOrDefault("CONNECTION_URL", ""),
        new IamToken(
            new LambdaCredentials(System.getenv()),
            System.getenv().getOrDefault("AWS_REGION", ""),
            Clock.systemUTC()),
        Clock.systemUTC());
  }

  /**
   * A database by address; nothing is opened yet.
   *
   * @param url {@code postgresql://user[:password]@host[:port]/database[?setting=value&...]}, with
   *     the settings sslmode, sslrootcert, channel_binding, connect_timeout, application_name and
   *     prepareThreshold
   * @throws IllegalArgumentException if it is invalid; the message names the reason and no secret
   */
  public Database(String url) {
    this(url, Clock.systemUTC());
  }

  Database(String url, Clock clock) {
    this(url, new IamToken(new LambdaCredentials(Map.of()), "", clock), clock);
  }

  Database(String url, IamToken token) {
    this(url, token, Clock.systemUTC());
  }

  private Database(String url, IamToken token, Clock clock) {
    this.connector = new Connector(ConnectionUrl.parse(url), token);
    this.clock = clock;
  }

  /**
   * Runs a statement in a transaction of its own and returns its one row. After a failure, the
   * statement is sent again if another attempt may succeed and there is time, even if the first
   * attempt may have been committed. So every statement must be idempotent.
   *
   * @param timeLeft the time until the call ends; the result or the failure comes 300 ms earlier
   *     and, unless a first connection is being opened, within 3 s
   * @throws DatabaseUnavailableException if the database could not serve it in time
   * @throws DatabaseException if the statement is wrong, which a repeat does not change
   */
  public Row run(Query query, Duration timeLeft) {
    var time = timeLeft.minus(RESERVE);
    var end = Deadline.in(time);
    var deadline = Deadline.in(Collections.min(List.of(time, LONGEST_WAIT)));
    for (var attempt = 1; ; attempt++) {
      try {
        return takeTurn(query, attempt == 1 && !connector.hasOpened() ? end : deadline);
      } catch (SQLException failure) {
        var kind = FailureKind.of(failure);
        var pause = kind.pauseAfter(attempt);
        if (!kind.allowsRetry(attempt) || !deadline.allows(pause.plus(SHORTEST_ATTEMPT))) {
          throw kind.exception("sql/" + query.sql().file(), failure);
        }
        sleep(pause);
      }
    }
  }

  /**
   * Runs a priming call on a connection of its own. Its statements are rolled back, and the
   * connection is closed.
   */
  public void prime(Runnable call) {
    turn.lock();
    try {
      close();
      isPriming = true;
      call.run();
    } finally {
      isPriming = false;
      close();
      turn.unlock();
    }
  }

  private Row takeTurn(Query query, Deadline deadline) throws SQLException {
    if (!deadline.allows(Duration.ZERO)) {
      throw new SQLException("the call has no time left", "57014");
    }
    if (!tryLock(deadline.left())) {
      throw new SQLException(
          "another thread kept the connection, or this one was interrupted", "57014");
    }
    try {
      return usableSession(deadline).run(query, deadline);
    } catch (SQLException failure) {
      // After a failure, the one transaction of a priming call takes no further statement.
      if (isPriming || FailureKind.of(failure).isOfConnection()) {
        close();
      }
      throw failure;
    } finally {
      turn.unlock();
    }
  }

  private Session usableSession(Deadline deadline) throws SQLException {
    var current = session;
    if (current != null && current.isUsable(deadline)) {
      return current;
    }
    // Otherwise, pgjdbc closes the former connection only after a garbage collection. No test can
    // see the difference.
    close();
    var connection = connector.open(deadline.timeout());
    var opened = new Session(connection, clock);
    session = opened;
    // What is not committed ends with the connection.
    connection.setAutoCommit(!isPriming);
    return opened;
  }

  private boolean tryLock(Duration longest) {
    try {
      return turn.tryLock(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the connection, if there is one; the next call opens another. */
  @Override
  public void close() {
    turn.lock();
    try (var _ = session) {
      session = null;
    } catch (SQLException _) {
      // It is being given up: there is nothing to save.
    } finally {
      turn.unlock();
    }
  }
}
