package cruddur.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Where the parts listen, and where data is kept.
 *
 * @param ports TCP ports on 127.0.0.1 by part
 */
record Options(Map<Part, Integer> ports, Path data) {
  static final String USAGE =
      """
      Usage: bin/local [--http-port PORT] [--invoke-port PORT] [--identity-port PORT] \
      [--postgres-port PORT] [--data DIR]\
      """;

  /** What listens on a port. */
  enum Part {
    HTTP("HTTP API", 3000),
    INVOKE("Lambda Invoke API", 3001),
    IDENTITY("identity", 3002),
    POSTGRES("PostgreSQL", 54322);

    final String title;
    final int port;

    Part(String title, int port) {
      this.title = title;
      this.port = port;
    }

    /** The environment variable that moves it. */
    String variable() {
      return name() + "_PORT";
    }

    /** The option that moves it. */
    String option() {
      return "--" + name().toLowerCase(Locale.ROOT) + "-port";
    }
  }

  /**
   * Reads the arguments, then the environment.
   *
   * @throws IllegalArgumentException when one of them is unknown or malformed; its message says so
   */
  static Options parse(String[] arguments, Map<String, String> environment) {
    var given = given(arguments);
    var ports = new LinkedHashMap<Part, Integer>();
    for (var part : Part.values()) {
      var initial = environment.getOrDefault(part.variable(), Integer.toString(part.port));
      ports.put(part, port(part, given.getOrDefault(part.option(), initial)));
      given.remove(part.option());
    }
    var data = Path.of(given.getOrDefault("--data", ".local"));
    given.remove("--data");
    if (!given.isEmpty()) {
      throw new IllegalArgumentException("unknown option " + given.keySet().iterator().next());
    }
    return new Options(ports, data);
  }

  private static Map<String, String> given(String[] arguments) {
    var given = new HashMap<String, String>();
    for (var index = 0; index < arguments.length; index += 2) {
      var option = arguments[index];
      if (!option.startsWith("--") || index + 1 == arguments.length) {
        throw new IllegalArgumentException("no value for " + option);
      }
      given.put(option, arguments[index + 1]);
    }
    return given;
  }

  private static int port(Part part, String text) {
    try {
      var port = Integer.parseInt(text);
      if (port > 0 && port < 65_536) {
        return port;
      }
    } catch (NumberFormatException malformed) {
      // Told below, like a number that is no port.
    }
    throw new IllegalArgumentException("not a port for " + part.option() + ": " + text);
  }

  /** The port of a part. */
  int port(Part part) {
    return Objects.requireNonNull(ports.get(part));
  }
}
