package cruddur.migrations;

import cruddur.database.Connections;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The connections as a data source for Flyway. Each has the role of the database's owner. So all
 * tables and functions have one owner, and the next run may change them.
 */
record Source(Connections connections, RetryPolicy retries) implements DataSource {
  /**
   * Opens a connection.
   *
   * @throws MigrationFailedException if its role may not act as the owner of the database
   * @throws cruddur.database.DatabaseException if the database cannot be reached
   */
  @Override
  public Connection getConnection() throws SQLException {
    var connection = connections.open();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(settings())) {
      rows.next();
      var owner = rows.getString("owner");
      if (!owner.equals(rows.getString("role"))) {
        throw new MigrationFailedException(
            owner + " owns the database: sign in as that role, or as a member of it");
      }
      return connection;
    } catch (SQLException | MigrationFailedException failure) {
      connection.close();
      throw failure;
    }
  }

  /**
   * The server ends a session that is idle in a transaction, or whose client does not answer
   * keep-alive probes.
   */
  private String settings() {
    return """
    select
      owner,
      set_config(
        'role',
        case when pg_has_role(session_user, owner, 'set') then owner else session_user end,
        false
      ) as role,
      set_config('lock_timeout', '%1$d', false),
      set_config('statement_timeout', '0', false),
      set_config('idle_in_transaction_session_timeout', '%2$d', false),
      set_config('client_connection_check_interval', '%2$d', false),
      set_config('tcp_keepalives_idle', '%3$d', false),
      set_config('tcp_keepalives_interval', '%3$d', false),
      set_config('tcp_keepalives_count', '2', false)
    from pg_database
    cross join pg_get_userbyid(datdba) as owner
    where datname = current_database()
    """
        .formatted(
            retries.lockTimeout().toMillis(),
            retries.silence().toMillis(),
            Math.max(1, retries.silence().toSeconds() / 2));
  }

  @Override
  public Connection getConnection(String user, String password)
      throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("the URL says who signs in");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("no logger");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
