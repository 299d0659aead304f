package cruddur.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The database of one execution environment: one connection, opened by the first call, kept for the
 * next ones and replaced when it broke. Threads that share it take turns.
 *
 * <p>Each deadline lies inside the next: a lock is waited for 1 s and a statement runs for 1.5 s
 * ({@code sql/roles.sql}), so that the server gives up first and says so; a connection that is
 * silent for 1.7 s is dead, and there is time to open another, for 2 s at most, and to repeat the
 * statement; after 3 s, or 300 ms before the call's own end, the caller hears that the database is
 * unavailable, and can still answer.
 */
public final class Database implements AutoCloseable {
  /** Kept back from the time of a call, so that its failure can still be answered. */
  private static final Duration RESERVE = Duration.ofMillis(300);

  /** What a person is let wait for the database, however much more time the call has. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** A server gives up a statement sooner, so no answer for so long means that none will come. */
  private static final Duration LONGEST_SILENCE = Duration.ofMillis(1_700);

  /** A connection that was idle for longer is tried before it is trusted. */
  private static final Duration LONG_IDLE = Duration.ofSeconds(30);

  /** An older connection is replaced, so that a moved endpoint is found. */
  private static final Duration MAXIMUM_AGE = Duration.ofMinutes(15);

  private final Connector connector;
  private final Clock clock;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Connection connection;
  private Moment opened;
  private Moment used;
  private boolean rehearses;

  /**
   * The database that the environment variable {@code CONNECTION_URL} names. Where that has no
   * password, the function's role signs in by IAM in {@code AWS_REGION}.
   *
   * @throws IllegalArgumentException if it is not set or malformed
   */
  public Database() {
    this(
        System.getenv().getOrDefault("CONNECTION_URL", ""),
        new IamToken(
            new LambdaCredentials(),
            System.getenv().getOrDefault("AWS_REGION", ""),
            Clock.systemUTC()),
        Clock.systemUTC());
  }

  /**
   * A database by address; nothing is opened yet.
   *
   * @param url {@code postgresql://user:password@host[:port]/database[?name=value&...]}, with
   *     pgjdbc's settings behind the question mark
   * @throws IllegalArgumentException if it is malformed
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
    this.opened = Moment.now(clock);
    this.used = opened;
  }

  /**
   * Runs a statement in a transaction of its own and returns its one row. After a fault that
   * another attempt may mend, it is sent again while there is time, also when the first may have
   * been committed: only a statement that may run twice is for this.
   *
   * @param timeLeft of the call that this serves; the result or the failure comes somewhat before
   *     it has passed, and within 3 s
   * @throws DatabaseUnavailable if the database could not serve it in time
   * @throws DatabaseException if the statement is wrong, which no repeat mends
   */
  public Row run(Query query, Duration timeLeft) {
    var deadline = System.nanoTime() + shorter(PATIENCE, timeLeft.minus(RESERVE)).toNanos();
    for (var attempt = 1; ; attempt++) {
      try {
        return takeTurn(query, deadline);
      } catch (SQLException failure) {
        var fault = Fault.of(failure);
        var pause = fault.pauseAfter(attempt);
        if (!fault.isWorthAnother(attempt) || left(deadline).compareTo(pause) <= 0) {
          throw fault.exception(query.sql().file(), failure);
        }
        sleep(pause);
      }
    }
  }

  /**
   * Lets a call run on a connection of its own, and undoes it: its statements are rolled back, and
   * the connection is closed.
   */
  public void rehearse(Runnable call) {
    turn.lock();
    try {
      close();
      rehearses = true;
      call.run();
    } finally {
      rehearses = false;
      close();
      turn.unlock();
    }
  }

  private Row takeTurn(Query query, long deadline) throws SQLException {
    if (deadline - System.nanoTime() < 0 || !tryLock(left(deadline))) {
      throw new SQLException("no time is left for it, perhaps since others took turns", "57014");
    }
    try {
      return attempt(query, deadline);
    } catch (SQLException failure) {
      if (Fault.of(failure).isOfConnection()) {
        close();
      }
      throw failure;
    } finally {
      turn.unlock();
    }
  }

  private Row attempt(Query query, long deadline) throws SQLException {
    var current = usableConnection(deadline);
    var silence = shorter(LONGEST_SILENCE, left(deadline));
    current.setNetworkTimeout(Runnable::run, Math.toIntExact(silence.toMillis()));
    try (var statement = current.prepareStatement(query.sql().text())) {
      query.setParameters(statement);
      var row = onlyRow(statement);
      if (rehearses) {
        current.rollback();
      }
      used = Moment.now(clock);
      return row;
    }
  }

  private Connection usableConnection(long deadline) throws SQLException {
    var current = connection;
    if (current != null && isUsable(current, deadline)) {
      return current;
    }
    close();
    var fresh = connector.open(left(deadline));
    connection = fresh;
    opened = Moment.now(clock);
    fresh.setAutoCommit(!rehearses);
    return fresh;
  }

  private boolean isUsable(Connection current, long deadline) throws SQLException {
    var now = Moment.now(clock);
    return now.since(opened).compareTo(MAXIMUM_AGE) < 0
        && (now.since(used).compareTo(LONG_IDLE) < 0
            || (left(deadline).toSeconds() > 0 && current.isValid(1)));
  }

  private static Row onlyRow(PreparedStatement statement) throws SQLException {
    try (var rows = statement.executeQuery()) {
      if (!rows.next()) {
        throw new SQLException("no row", "P0002");
      }
      return row(rows);
    }
  }

  private static Row row(ResultSet rows) throws SQLException {
    var names = rows.getMetaData();
    var columns = new HashMap<String, String>();
    for (var index = 2; index <= names.getColumnCount(); index++) {
      var value = rows.getString(index);
      if (value != null) {
        columns.put(names.getColumnLabel(index), value);
      }
    }
    return new Row(rows.getString(1), columns);
  }

  /** Time until a deadline, at least a millisecond, since zero would mean no timeout at all. */
  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(deadline - System.nanoTime(), 1_000_000));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
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
    try (var _ = connection) {
      connection = null;
    } catch (SQLException _) {
      // It is being given up: there is nothing to save.
    } finally {
      turn.unlock();
    }
  }
}
