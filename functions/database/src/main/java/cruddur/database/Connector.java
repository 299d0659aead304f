package cruddur.database;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.Security;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Opens connections to one database, each with timeouts on everything that can wait. A URL without
 * a password signs in by IAM, with a fresh token each time and TLS that verifies the host. After a
 * failure that may be TLS's the next opening makes the other offer of TLS ({@link
 * TlsSocketFactory}); a snapshot keeps the one that succeeded. Not for use by several threads at
 * once.
 */
final class Connector {
  static {
    // After a failover the name leads elsewhere, and the JVM would keep the old address for 30 s,
    // by a clock that stands still in a snapshot.
    Security.setProperty("networkaddress.cache.ttl", "0");
    // Nor is it to remember for 10 s that a name was not found.
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
  }

  /** For the whole of it: name, TCP, TLS and authentication. */
  private static final Duration LONGEST_OPENING = Duration.ofSeconds(2);

  private final ConnectionUrl url;
  private final IamToken token;

  /** What the next opening offers: all that the JDK has, or what is fastest. */
  private boolean offersAll;

  /** True once all was taken, which includes what is fastest. */
  private boolean needsAll;

  Connector(ConnectionUrl url, IamToken token) {
    this.url = url;
    this.token = token;
  }

  /**
   * Opens a connection.
   *
   * @param timeLeft after which the attempt ends
   */
  Connection open(Duration timeLeft) throws SQLException {
    var properties = new Properties();
    PGProperty.USER.set(properties, url.user());
    PGProperty.PASSWORD.set(properties, password());
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.LOGIN_TIMEOUT.set(properties, seconds(timeLeft));
    // pgjdbc opens in a thread that outlives an attempt it gave up, so that has its own limits.
    PGProperty.CONNECT_TIMEOUT.set(properties, Math.toIntExact(LONGEST_OPENING.toSeconds()));
    PGProperty.SOCKET_TIMEOUT.set(properties, Math.toIntExact(LONGEST_OPENING.toSeconds()));
    // Sends the application's name in the first message, not as a SET that would pin a proxy's
    // connection.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "18");
    PGProperty.APPLICATION_NAME.set(properties, "cruddur");
    PGProperty.PREPARE_THRESHOLD.set(properties, 1);
    // Details quote values of rows.
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    PGProperty.SSL_FACTORY.set(properties, TlsSocketFactory.class.getName());
    PGProperty.SSL_FACTORY_ARG.set(properties, offersAll ? TlsSocketFactory.ALL : null);
    url.parameters().forEach(properties::setProperty);
    if (url.password() == null) {
      // Also where the URL would have less: a token is for no other host.
      PGProperty.SSL_MODE.set(properties, "verify-full");
    }

    return connect(
        "jdbc:postgresql://" + url.host() + ":" + url.port() + "/" + url.database(), properties);
  }

  private Connection connect(String address, Properties properties) throws SQLException {
    try {
      var connection = new Driver().connect(address, properties);
      if (connection == null) {
        throw new SQLException("pgjdbc does not know this address", "08001");
      }
      needsAll = offersAll;
      return connection;
    } catch (SQLException failure) {
      if (!needsAll && mayBeOfTls(failure)) {
        offersAll = !offersAll;
      }
      throw failure;
    }
  }

  /**
   * Not what a server has answered, nor that none was found: neither depends on what was offered.
   */
  private static boolean mayBeOfTls(SQLException failure) {
    return String.valueOf(failure.getSQLState()).startsWith("08")
        && !(failure.getCause() instanceof ConnectException
            || failure.getCause() instanceof NoRouteToHostException
            || failure.getCause() instanceof UnknownHostException);
  }

  private String password() throws SQLException {
    var password = url.password();
    try {
      return password == null ? token.sign(url) : password;
    } catch (IOException failure) {
      throw new SQLException("no token could be signed", "28000", failure);
    }
  }

  private static String seconds(Duration timeLeft) {
    var shorter = timeLeft.compareTo(LONGEST_OPENING) < 0 ? timeLeft : LONGEST_OPENING;
    return Double.toString(shorter.toMillis() / 1000.0);
  }
}
