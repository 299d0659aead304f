package cruddur.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Bytes over a socket, for what no HTTP client sends. */
final class Wire {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private Wire() {}

  /**
   * What comes back until the server closes or resets the connection.
   *
   * @throws IOException when it does neither in time
   */
  static String send(int port, byte[] request) throws IOException {
    return send(port, request, /* ends= */ true);
  }

  /** The same for a client that neither sends more nor ends the connection. */
  static String sendAndStall(int port, byte[] request) throws IOException {
    return send(port, request, /* ends= */ false);
  }

  private static String send(int port, byte[] request, boolean ends) throws IOException {
    var answer = new ByteArrayOutputStream();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(Math.toIntExact(LONGEST_WAIT.toMillis()));
      write(socket, request, ends);
      socket.getInputStream().transferTo(answer);
    } catch (SocketException _) {
      // A reset, which may follow an answer.
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  private static void write(Socket socket, byte[] request, boolean ends) {
    try {
      socket.getOutputStream().write(request);
      if (ends) {
        socket.shutdownOutput();
      }
    } catch (IOException _) {
      // The server may have answered before it read everything.
    }
  }
}
