package cruddur.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * Opens plain JDBC connections to the database, for the migrations. Not for use by several threads
 * at once.
 */
public final class Connections {
  private static final Duration LONGEST_OPENING = Duration.ofSeconds(10);
  private static final int NO_TIMEOUT = 0;

  private final Connector connector;

  private Connections(String url, IamToken token) {
    connector = new Connector(ConnectionUrl.parse(url), token, LONGEST_OPENING);
  }

  /**
   * Connections to the database of a URL. Where that has no password, its role signs in by IAM with
   * the AWS credentials and the {@code AWS_REGION} of an environment.
   *
   * @param url {@code postgresql://user[:password]@host[:port]/database[?name=value&...]}
   * @throws IllegalArgumentException if it is malformed; the message does not repeat it
   */
  public static Connections of(String url, Map<String, String> environment) {
    return new Connections(
        url,
        new IamToken(
            new LambdaCredentials(environment),
            environment.getOrDefault("AWS_REGION", ""),
            Clock.systemUTC()));
  }

  /**
   * Opens a connection, on which a statement may take any time.
   *
   * @throws DatabaseUnavailableException if the server does not accept it, or does not answer
   */
  public Connection open() {
    try {
      var connection = connector.open(LONGEST_OPENING);
      connection.setNetworkTimeout(Runnable::run, NO_TIMEOUT);
      return connection;
    } catch (SQLException failure) {
      throw FailureKind.of(failure).exception("connecting to the database", failure);
    }
  }
}
