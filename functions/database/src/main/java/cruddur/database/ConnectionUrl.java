package cruddur.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is and who asks: {@code
 * postgresql://user[:password]@host[:port]/database[?name=value&...]}, the form of libpq's
 * connection URIs (PostgreSQL manual, 32.1.1.2).
 *
 * @param host name or address; an IPv6 address in brackets
 * @param port TCP port, 5432 where the URL names none
 * @param password null where the URL has none
 * @param parameters what stands after the {@code ?}: settings of pgjdbc, such as {@code sslmode}
 */
record ConnectionUrl(
    String host,
    int port,
    String database,
    String user,
    @Nullable String password,
    Map<String, String> parameters) {
  private static final int DEFAULT_PORT = 5432;

  ConnectionUrl {
    parameters = Map.copyOf(parameters);
  }

  /**
   * Takes a URL apart.
   *
   * @throws IllegalArgumentException if it is not of the form above; the message does not repeat
   *     it, since it may hold a password
   */
  static ConnectionUrl parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException _) {
      throw malformed();
    }
    var userInfo = uri.getRawUserInfo();
    var path = uri.getRawPath();
    if (!("postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme()))
        || uri.getHost() == null
        || userInfo == null
        || path == null
        || path.length() < 2) {
      throw malformed();
    }
    var colon = userInfo.indexOf(':');
    return new ConnectionUrl(
        uri.getHost(),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
        decode(path.substring(1)),
        decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
        colon < 0 ? null : decode(userInfo.substring(colon + 1)),
        parameters(uri.getRawQuery()));
  }

  private static Map<String, String> parameters(@Nullable String query) {
    var parameters = new HashMap<String, String>();
    if (query != null && !query.isEmpty()) {
      for (var pair : query.split("&", -1)) {
        var equals = pair.indexOf('=');
        if (equals < 1) {
          throw malformed();
        }
        parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  /** Percent-decoding alone: in a connection URI a plus sign is a plus sign. */
  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "CONNECTION_URL must be of the form postgresql://user[:password]@host[:port]/database");
  }

  /** All but the password. */
  @Override
  public String toString() {
    return host + ":" + port + "/" + database + " as " + user;
  }
}
