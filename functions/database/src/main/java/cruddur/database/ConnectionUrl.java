package cruddur.database;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of the database and the user who signs in. The form is a subset of libpq's connection
 * URIs (PostgreSQL manual, "Connection Strings"), plus {@code prepareThreshold}. {@code
 * bin/lib/connection-url.sh} reads the same form, and one table, {@code connection-urls.tsv}, tests
 * both:
 *
 * <pre>{@code
 * URL      = ("postgresql" | "postgres") "://" user [":" password] "@" host [":" port]
 *            "/" database ["?" setting ("&" setting)*]
 * host     = [A-Za-z0-9_][A-Za-z0-9_.-]* | "[" IPv6 address "]"
 * port     = 1 to 65535, without leading zeros; 5432 if absent
 * user, password, database = text, not empty
 * setting  = name "=" text, each name once:
 *            sslmode          disable, allow, prefer, require, verify-ca or verify-full
 *            sslrootcert      absolute path of a PEM file
 *            channel_binding  disable, prefer or require
 *            connect_timeout  1 to 999, seconds
 *            application_name any text
 *            prepareThreshold 0 to 999; pgjdbc's, which libpq does not have
 * text     = (visible ASCII except % and the separators below | "%" hex hex)+
 * }</pre>
 *
 * <p>These separators are always percent-encoded in a text: {@code @ /} in user and password, and
 * {@code :} in the user; {@code @ / ?} in the database; {@code @ & =} in a setting. The escapes of
 * a text decode to UTF-8 without control characters. A plus sign is a plus sign.
 *
 * @param host name or address; an IPv6 address without brackets
 * @param port TCP port, 5432 if the URL has none
 * @param password null if the URL has none
 * @param settings by the names above
 */
record ConnectionUrl(
    String host,
    int port,
    String database,
    String user,
    @Nullable String password,
    Map<String, String> settings) {
  private static final int DEFAULT_PORT = 5432;
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*|\\[[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*]");
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
  private static final int HIGHEST_PORT = 65_535;

  /** The values that each setting allows. */
  private static final Map<String, Pattern> VALUES =
      Map.of(
          "sslmode", Pattern.compile("disable|allow|prefer|require|verify-ca|verify-full"),
          "sslrootcert", Pattern.compile("/.+", Pattern.DOTALL),
          "channel_binding", Pattern.compile("disable|prefer|require"),
          "connect_timeout", Pattern.compile("[1-9][0-9]{0,2}"),
          "application_name", Pattern.compile(".+", Pattern.DOTALL),
          "prepareThreshold", Pattern.compile("[0-9]{1,3}"));

  /** A name that can be shown; anything else may be a piece of a secret. */
  private static final Pattern HARMLESS_NAME = Pattern.compile("[a-z_]{1,30}");

  ConnectionUrl {
    settings = Map.copyOf(settings);
  }

  /**
   * Parses a URL.
   *
   * @throws IllegalArgumentException if the form above does not match; the message names the reason
   *     and quotes nothing but the name of a setting, since the URL may contain a password
   */
  static ConnectionUrl parse(String url) {
    checkCharacters(url);
    var login = afterScheme(url);
    var at = login.indexOf('@');
    if (at < 1) {
      throw invalid("the URL has no user; it needs user@ before the host");
    }
    if (login.lastIndexOf('@') != at) {
      throw invalid("the URL has more than one @; inside a name or password write %40");
    }
    var userInfo = login.substring(0, at);
    if (userInfo.contains("/")) {
      throw invalid("the URL has a / before the @; inside a name or password write %2F");
    }
    var names = userInfo.split(":", 2);
    var user = decode("user", names[0]);
    var password = names.length == 1 ? null : decode("password", names[1]);

    var address = login.substring(at + 1).split("\\?", 2);
    var place = address[0].split("/", 2);
    if (place.length == 1) {
      throw invalid("the URL has no database");
    }
    var server = place[0];
    var path = place[1];
    if (path.contains("/")) {
      throw invalid("the URL has a second path segment; inside a database's name write %2F");
    }
    if (server.contains(",")) {
      throw invalid("the URL has more than one host");
    }
    var colon = server.indexOf(':', server.indexOf(']') + 1);
    return new ConnectionUrl(
        host(colon == -1 ? server : server.substring(0, colon)),
        colon == -1 ? DEFAULT_PORT : port(server.substring(colon + 1)),
        decode("database", path),
        user,
        password,
        address.length == 1 ? Map.of() : settings(address[1]));
  }

  private static void checkCharacters(String url) {
    if (url.isEmpty()) {
      throw invalid("the URL is empty");
    }
    var end = url.length();
    while (end > 0 && isAsciiControl(url.charAt(end - 1))) {
      end--;
    }
    if (url.substring(0, end).chars().anyMatch(ConnectionUrl::isAsciiControl)) {
      throw invalid("the URL has a control character");
    }
    if (end < url.length()) {
      throw invalid("the URL ends in a control character");
    }
    if (url.indexOf(' ') >= 0) {
      throw invalid("the URL has a blank; inside a name or password write %20");
    }
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(url)) {
      throw invalid("the URL has a character that is not ASCII; write it percent-encoded");
    }
  }

  private static boolean isAsciiControl(int character) {
    return character < ' ' || character == 0x7F;
  }

  private static String afterScheme(String url) {
    for (var scheme : List.of("postgresql://", "postgres://")) {
      if (url.startsWith(scheme)) {
        return url.substring(scheme.length());
      }
    }
    throw invalid("the URL does not begin with postgresql://");
  }

  private static String host(String text) {
    if (!HOST.matcher(text).matches()) {
      throw invalid("the URL has no valid host");
    }
    return text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
  }

  private static int port(String text) {
    if (!PORT.matcher(text).matches() || Integer.parseInt(text) > HIGHEST_PORT) {
      throw invalid("the port is not a number from 1 to 65535");
    }
    return Integer.parseInt(text);
  }

  private static Map<String, String> settings(String query) {
    var settings = new HashMap<String, String>();
    for (var setting : query.split("&", -1)) {
      var equals = setting.indexOf('=');
      if (equals < 1 || setting.lastIndexOf('=') != equals) {
        throw invalid("a setting is not of the form name=value");
      }
      var name = setting.substring(0, equals);
      var allowed = VALUES.get(name);
      if (allowed == null) {
        throw invalid(unknown(name));
      }
      var value = decode("setting " + name, setting.substring(equals + 1));
      if (!allowed.matcher(value).matches()) {
        throw invalid("the setting " + name + " has a value that is not allowed");
      }
      if (settings.put(name, value) != null) {
        throw invalid("the setting " + name + " occurs twice");
      }
    }
    return settings;
  }

  private static String unknown(String name) {
    return (HARMLESS_NAME.matcher(name).matches() ? "the setting " + name : "a setting")
        + " is unknown; known are sslmode, sslrootcert, channel_binding, connect_timeout,"
        + " application_name and prepareThreshold";
  }

  /** Undoes percent-encoding. */
  private static String decode(String part, String text) {
    if (text.isEmpty()) {
      throw invalid("the " + part + " is empty");
    }
    var bytes = ByteBuffer.allocate(text.length());
    for (var at = 0; at < text.length(); at++) {
      if (text.charAt(at) == '%') {
        bytes.put(escaped(part, text, at + 1));
        at += 2;
      } else {
        bytes.put((byte) text.charAt(at));
      }
    }
    try {
      var decoded = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
      if (decoded.chars().anyMatch(Character::isISOControl)) {
        throw invalid("the " + part + " has an encoded control character");
      }
      return decoded;
    } catch (CharacterCodingException _) {
      throw invalid("the " + part + " has escapes that are not UTF-8");
    }
  }

  private static byte escaped(String part, String text, int at) {
    if (at + 2 > text.length()
        || !HexFormat.isHexDigit(text.charAt(at))
        || !HexFormat.isHexDigit(text.charAt(at + 1))) {
      throw invalid("the " + part + " has a % that is no escape; write %25");
    }
    return (byte) HexFormat.fromHexDigits(text, at, at + 2);
  }

  private static IllegalArgumentException invalid(String reason) {
    return new IllegalArgumentException(
        "CONNECTION_URL is not valid: "
            + reason
            + ". Its form is"
            + " postgresql://user[:password]@host[:port]/database[?setting=value&...]");
  }

  /** The host as a URI has it: an IPv6 address in brackets. */
  String uriHost() {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  /** All but the password. */
  @Override
  public String toString() {
    return uriHost() + ":" + port + "/" + database + " as " + user;
  }
}
