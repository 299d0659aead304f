package cruddur.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** The machine that runs the tests. */
public final class Machine {
  private Machine() {}

  /** Whether a missing program makes a test fail. Elsewhere, it skips the test. */
  public static boolean mustHaveAll() {
    return "true".equals(System.getenv("CI"));
  }

  /** Whether this process may do everything. */
  public static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /**
   * A command of a program that does not run as root, such as PostgreSQL. In a user namespace of
   * its own, the process is not root.
   */
  public static ProcessBuilder notAsRoot(List<String> command) {
    var all = new ArrayList<>(isRoot() ? List.of("unshare", "-U") : List.of());
    all.addAll(command);
    return new ProcessBuilder(all).redirectErrorStream(true);
  }

  /** TCP ports of 127.0.0.1 that are free. */
  public static List<Integer> freePorts(int count) throws IOException {
    var held = new ArrayList<ServerSocket>();
    for (var port = 0; port < count; port++) {
      held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    for (var socket : held) {
      socket.close();
    }
    return held.stream().map(ServerSocket::getLocalPort).toList();
  }
}
