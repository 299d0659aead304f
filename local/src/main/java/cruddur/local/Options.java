package cruddur.local;

import cruddur.local.cognito.PageOrigins;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The options of {@code bin/local}.
 *
 * @param ports TCP ports on 127.0.0.1 by part
 * @param containers whether containers of this machine's Docker engine are served too
 * @param scheduleSpeed by which the intervals of the schedules are divided
 */
record Options(Map<Part, Integer> ports, Path data, boolean containers, int scheduleSpeed) {
  private static final String CONTAINERS = "--containers";
  private static final int HIGHEST_PORT = 65_535;
  private static final String SCHEDULE_SPEED = "--schedule-speed";

  /** The speed at which a minute, a schedule's shortest interval, takes a millisecond. */
  private static final int HIGHEST_SPEED = 60_000;

  static final String USAGE =
      """
      Usage: bin/local [--http-port PORT] [--invoke-port PORT] [--identity-port PORT] \
      [--postgres-port PORT] [--data DIR] [--containers] [--schedule-speed N]\
      """;

  /** A part of the emulator that listens on a port. */
  enum Part {
    HTTP("HTTP API", PageOrigins.DEFAULT_PORT),
    INVOKE("Lambda Invoke API", 3001),
    IDENTITY("identity", 3002),
    POSTGRES("PostgreSQL", 54322);

    final String title;
    final int port;

    Part(String title, int port) {
      this.title = title;
      this.port = port;
    }

    /** The environment variable for the port. */
    String variable() {
      return name() + "_PORT";
    }

    /** The option for the port. */
    String option() {
      return "--" + name().toLowerCase(Locale.ROOT) + "-port";
    }
  }

  /**
   * Reads the arguments; the environment has the defaults.
   *
   * @throws IllegalArgumentException when one of them is unknown or invalid; its message says which
   */
  static Options parse(String[] arguments, Map<String, String> environment) {
    var given = given(arguments);
    var ports = new LinkedHashMap<Part, Integer>();
    for (var part : Part.values()) {
      var initial = environment.getOrDefault(part.variable(), Integer.toString(part.port));
      var text = take(given, part.option(), initial);
      ports.put(part, number("a port", part.option(), text, HIGHEST_PORT));
    }
    var data = Path.of(take(given, "--data", ".local"));
    var containers = given.remove(CONTAINERS) != null;
    var speed = take(given, SCHEDULE_SPEED, "1");
    var scheduleSpeed =
        number("a speed from 1 to " + HIGHEST_SPEED, SCHEDULE_SPEED, speed, HIGHEST_SPEED);
    if (!given.isEmpty()) {
      throw new IllegalArgumentException("unknown option " + given.keySet().iterator().next());
    }
    return new Options(ports, data, containers, scheduleSpeed);
  }

  private static String take(Map<String, String> given, String option, String initial) {
    return Objects.requireNonNullElse(given.remove(option), initial);
  }

  private static Map<String, String> given(String[] arguments) {
    var given = new HashMap<String, String>();
    var rest = List.of(arguments).iterator();
    while (rest.hasNext()) {
      var option = rest.next();
      if (option.equals(CONTAINERS)) {
        given.put(option, "");
      } else if (option.startsWith("--") && rest.hasNext()) {
        given.put(option, rest.next());
      } else {
        throw new IllegalArgumentException(
            option.startsWith("--") ? "no value for " + option : "unknown argument: " + option);
      }
    }
    return given;
  }

  private static int number(String kind, String option, String text, int highest) {
    try {
      var number = Integer.parseInt(text);
      if (number > 0 && number <= highest) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Reported below, as for a number that is out of range.
    }
    throw new IllegalArgumentException("not " + kind + " for " + option + ": " + text);
  }

  /** The port of a part. */
  int port(Part part) {
    return Objects.requireNonNull(ports.get(part));
  }

  /** Why the parts cannot listen on their ports, as one line; empty if they can. */
  Optional<String> portProblem() {
    var seen = new HashMap<Integer, Part>();
    for (var part : Part.values()) {
      var port = port(part);
      var other = seen.put(port, part);
      if (other != null) {
        return Optional.of(
            "port %d is given to both %s and %s".formatted(port, other.title, part.title));
      }
      if (isTaken(port)) {
        return Optional.of(
            "port %d, for %s, is taken; move it with %s PORT or %s=PORT"
                .formatted(port, part.title, part.option(), part.variable()));
      }
    }
    return Optional.empty();
  }

  private static boolean isTaken(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }
}
