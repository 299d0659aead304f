package cruddur.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** A connection, and when it was opened and last used. Not for use by several threads at once. */
final class Session implements AutoCloseable {
  /** The server ends a statement sooner. After this time without an answer, none will come. */
  private static final Duration LONGEST_SILENCE = Duration.ofMillis(1_700);

  /** A connection that was idle for longer is tested before its next statement. */
  private static final Duration LONG_IDLE = Duration.ofSeconds(30);

  /** An older connection is replaced, so that a new address of the endpoint is found. */
  private static final Duration MAXIMUM_AGE = Duration.ofMinutes(15);

  private final Connection connection;
  private final Clock clock;
  private final Moment opened;
  private Moment used;

  Session(Connection connection, Clock clock) {
    this.connection = connection;
    this.clock = clock;
    this.opened = Moment.now(clock);
    this.used = opened;
  }

  /** True if a statement may be sent. After a long idle time, this asks the server. */
  boolean isUsable(Deadline deadline) throws SQLException {
    var now = Moment.now(clock);
    return now.since(opened).compareTo(MAXIMUM_AGE) < 0
        && (now.since(used).compareTo(LONG_IDLE) < 0
            || (deadline.allows(Duration.ofSeconds(1)) && connection.isValid(1)));
  }

  /** Runs a statement and returns its one row. */
  Row run(Query query, Deadline deadline) throws SQLException {
    var silence = Collections.min(List.of(deadline.timeout(), LONGEST_SILENCE));
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(silence.toMillis()));
    try (var statement = connection.prepareStatement(query.sql().text())) {
      query.setParameters(statement);
      var row = onlyRow(statement);
      used = Moment.now(clock);
      return row;
    }
  }

  private static Row onlyRow(PreparedStatement statement) throws SQLException {
    try (var rows = statement.executeQuery()) {
      if (!rows.next()) {
        throw new SQLException("no row", "P0002");
      }
      return Row.read(rows);
    }
  }

  /** Closes the connection. The server rolls back what was not committed. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
