package cruddur.database;

import java.io.IOException;
import java.net.InetAddress;
import java.security.Security;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Opens connections to one database, each with timeouts on everything that can wait. A URL without
 * a password signs in by IAM, with a fresh token each time and TLS that verifies the host. Not for
 * use by several threads at once.
 */
final class Connector {
  static {
    // After a failover the name has another address. By default, the JVM keeps the old one for 30 s
    // of a clock that stands still in a snapshot.
    Security.setProperty("networkaddress.cache.ttl", "0");
    // By default, the JVM also keeps for 10 s that a name was not found.
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
  }

  /** A URL without an address: host, port and database are properties. */
  private static final String NO_ADDRESS = "jdbc:postgresql://";

  /** In a function, the limit of each wait for the server, and of each opening but the first. */
  private static final Duration LONGEST_OPENING = Duration.ofSeconds(2);

  private final ConnectionUrl url;
  private final IamToken token;
  private final Duration longestOpening;
  private volatile boolean hasOpened;

  Connector(ConnectionUrl url, IamToken token) {
    this(url, token, LONGEST_OPENING);
  }

  /** With another limit, in whole seconds, for an opening and for each wait in it. */
  Connector(ConnectionUrl url, IamToken token, Duration longestOpening) {
    this.url = url;
    this.token = token;
    this.longestOpening = longestOpening;
  }

  /** True once a connection was opened, so that the code for it has been loaded. */
  boolean hasOpened() {
    return hasOpened;
  }

  /**
   * Opens a connection: name, TCP, TLS and authentication.
   *
   * @param timeLeft after which the attempt ends; only the first opening may take longer than the
   *     limit
   */
  Connection open(Duration timeLeft) throws SQLException {
    var connection = connect(properties(timeLeft));
    hasOpened = true;
    return connection;
  }

  /** The properties of pgjdbc for one opening. */
  Properties properties(Duration timeLeft) throws SQLException {
    var properties = new Properties();
    PGProperty.PG_HOST.set(properties, inFull(url.host()));
    PGProperty.PG_PORT.set(properties, url.port());
    PGProperty.PG_DBNAME.set(properties, url.database());
    PGProperty.USER.set(properties, url.user());
    PGProperty.PASSWORD.set(properties, password());
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.LOGIN_TIMEOUT.set(properties, seconds(longest(timeLeft)));
    // pgjdbc opens in a thread of its own, which goes on after the timeout above. These limits end
    // it: for each read, and in adapt for TCP.
    PGProperty.SOCKET_TIMEOUT.set(properties, Math.toIntExact(longestOpening.toSeconds()));
    // Sends the application's name in the first message, not as a SET that would pin a proxy's
    // connection.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "16");
    PGProperty.APPLICATION_NAME.set(properties, "cruddur");
    PGProperty.PREPARE_THRESHOLD.set(properties, 1);
    // Details quote values of rows.
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    PGProperty.SSL_FACTORY.set(properties, TlsSocketFactory.class.getName());
    url.settings().forEach((name, value) -> property(name).set(properties, value));
    adapt(properties);
    if (url.password() == null) {
      // Whatever the URL says: no other host may receive the token.
      PGProperty.SSL_MODE.set(properties, "verify-full");
    }
    return properties;
  }

  /** The property of pgjdbc for a setting of {@link ConnectionUrl}. */
  private static PGProperty property(String setting) {
    return switch (setting) {
      case "sslmode" -> PGProperty.SSL_MODE;
      case "sslrootcert" -> PGProperty.SSL_ROOT_CERT;
      case "channel_binding" -> PGProperty.CHANNEL_BINDING;
      case "connect_timeout" -> PGProperty.CONNECT_TIMEOUT;
      case "application_name" -> PGProperty.APPLICATION_NAME;
      case "prepareThreshold" -> PGProperty.PREPARE_THRESHOLD;
      default -> throw new IllegalArgumentException("no property for the setting " + setting);
    };
  }

  /**
   * Gives the settings of the URL the meaning that they have in libpq, within this class's limits.
   */
  private void adapt(Properties properties) throws SQLException {
    // 10 s where the URL has none.
    var timeout = PGProperty.CONNECT_TIMEOUT.getInt(properties);
    PGProperty.CONNECT_TIMEOUT.set(
        properties, Math.min(timeout, Math.toIntExact(longestOpening.toSeconds())));
    // PostgreSQL manual, "SSL Support": with a root certificate, require is verify-ca. In pgjdbc it
    // verifies nothing.
    if ("require".equals(PGProperty.SSL_MODE.getOrDefault(properties))
        && PGProperty.SSL_ROOT_CERT.getOrDefault(properties) != null) {
      PGProperty.SSL_MODE.set(properties, "verify-ca");
    }
  }

  /** An IPv6 address in the JDK's form: pgjdbc compares it as text with that of the certificate. */
  private static String inFull(String host) {
    if (host.indexOf(':') < 0) {
      return host;
    }
    try {
      return InetAddress.ofLiteral(host).getHostAddress();
    } catch (IllegalArgumentException _) {
      return host;
    }
  }

  private static Connection connect(Properties properties) throws SQLException {
    // pgjdbc would parse the text of the URL by its own rules, and log it.
    var connection = new Driver().connect(NO_ADDRESS, properties);
    if (connection == null) {
      throw new SQLException("pgjdbc cannot use this address", "08001");
    }
    return connection;
  }

  private String password() throws SQLException {
    var password = url.password();
    try {
      return password == null ? token.sign(url) : password;
    } catch (IOException failure) {
      throw new SQLException("no token could be signed", "28000", failure);
    }
  }

  private Duration longest(Duration timeLeft) {
    return hasOpened ? Collections.min(List.of(timeLeft, longestOpening)) : timeLeft;
  }

  private static String seconds(Duration time) {
    return Double.toString(time.toMillis() / 1000.0);
  }
}
