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
 */
public final class Database implements AutoCloseable {
  /** Kept back from the time of a call, so that its failure can still be answered. */
  private static final Duration RESERVE = Duration.ofMillis(300);

  /** A connection that was idle for longer is tried before it is trusted. */
  private static final Duration LONG_IDLE = Duration.ofSeconds(30);

  /** An older connection is replaced, so that a moved endpoint is found. */
  private static final Duration MAXIMUM_AGE = Duration.ofMinutes(15);

  private final Connector connector;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Connection connection;
  private long openedNanos;
  private long usedNanos;

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
            Clock.systemUTC()));
  }

  /**
   * A database by address; nothing is opened yet.
   *
   * @param url {@code postgresql://user:password@host[:port]/database[?name=value&...]}, with
   *     pgjdbc's settings behind the question mark
   * @throws IllegalArgumentException if it is malformed
   */
  public Database(String url) {
    this(url, new IamToken(new LambdaCredentials(Map.of()), "", Clock.systemUTC()));
  }

  Database(String url, IamToken token) {
    connector = new Connector(ConnectionUrl.parse(url), token);
  }

  /**
   * Runs a statement in a transaction of its own and returns its one row. After a fault that
   * another attempt may mend, it is sent again while there is time.
   *
   * @param timeLeft of the call that this serves; the result or the failure comes somewhat before
   *     it has passed
   * @throws DatabaseUnavailable if the database could not serve it in time
   * @throws DatabaseException if the statement is wrong, which no repeat mends
   */
  public Row run(Query query, Duration timeLeft) {
    var deadline = System.nanoTime() + timeLeft.minus(RESERVE).toNanos();
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

  private Row takeTurn(Query query, long deadline) throws SQLException {
    if (!tryLock(left(deadline))) {
      throw new SQLException("another thread kept the connection", "57014");
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
    current.setNetworkTimeout(Runnable::run, Math.toIntExact(left(deadline).toMillis()));
    try (var statement = current.prepareStatement(query.sql().text())) {
      query.setParameters(statement);
      var row = onlyRow(statement);
      usedNanos = System.nanoTime();
      return row;
    }
  }

  private Connection usableConnection(long deadline) throws SQLException {
    var current = connection;
    if (current != null && isUsable(current)) {
      return current;
    }
    close();
    var opened = connector.open(left(deadline));
    connection = opened;
    openedNanos = System.nanoTime();
    return opened;
  }

  private boolean isUsable(Connection current) throws SQLException {
    var now = System.nanoTime();
    return now - openedNanos < MAXIMUM_AGE.toNanos()
        && (now - usedNanos < LONG_IDLE.toNanos() || current.isValid(1));
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
