package cruddur.local;

import cruddur.local.Options.Part;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Optional;

/** Looks at ports before anything starts. */
final class Ports {
  private Ports() {}

  /** What keeps the parts from listening on their ports, as one line; empty when nothing does. */
  static Optional<String> problem(Options options) {
    var seen = new HashMap<Integer, Part>();
    for (var part : Part.values()) {
      var port = options.port(part);
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
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return !socket.isBound();
    } catch (IOException taken) {
      return true;
    }
  }
}
