package cruddur.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Opens connections to one database, each with timeouts on everything that can wait. */
final class Connector {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final ConnectionUrl url;

  Connector(ConnectionUrl url) {
    this.url = url;
  }

  /**
   * Opens a connection.
   *
   * @param timeLeft bounds the TCP connection and each answer of the handshake
   */
  Connection open(Duration timeLeft) throws SQLException {
    var properties = new Properties();
    PGProperty.USER.set(properties, url.user());
    PGProperty.PASSWORD.set(properties, url.password());
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.CONNECT_TIMEOUT.set(properties, wholeSeconds(timeLeft));
    PGProperty.SOCKET_TIMEOUT.set(properties, wholeSeconds(timeLeft));
    // Sends the application's name in the first message, and not as a SET that would pin a proxy's
    // connection.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "18");
    PGProperty.APPLICATION_NAME.set(properties, "cruddur");
    PGProperty.PREPARE_THRESHOLD.set(properties, 1);
    // Details quote values of rows.
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    url.parameters().forEach(properties::setProperty);

    var address = "jdbc:postgresql://" + url.host() + ":" + url.port() + "/" + url.database();
    var connection = new Driver().connect(address, properties);
    if (connection == null) {
      throw new SQLException("pgjdbc does not know this address", "08001");
    }
    return connection;
  }

  /** pgjdbc counts in seconds, and zero would be no timeout at all. */
  private static int wholeSeconds(Duration timeLeft) {
    var shorter = timeLeft.compareTo(CONNECT_TIMEOUT) < 0 ? timeLeft : CONNECT_TIMEOUT;
    return Math.toIntExact(Math.max(1, shorter.toSeconds()));
  }
}
