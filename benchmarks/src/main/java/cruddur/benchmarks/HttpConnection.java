package cruddur.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One client's connection, kept alive: HTTP/1.1 as far as the clients of a Runtime API use it,
 * whose bodies have a length.
 */
final class HttpConnection {
  private final SocketChannel channel;
  private byte[] bytes = new byte[64 * 1024];
  private int length;

  HttpConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * A request, and where its answer goes.
   *
   * @param arrived when its last bytes came, by {@link System#nanoTime()}
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes that nobody changes or compares.
  record Request(String method, String path, byte[] body, long arrived, HttpConnection connection) {
    /**
     * Answers it, and returns when its first byte was about to go out, by {@link
     * System#nanoTime()}.
     */
    long answer(int status, Map<String, String> headers, byte[] body) throws IOException {
      return connection.answer(status, headers, body);
    }
  }

  /** Reads what has come; empty when that is not a whole request yet. */
  Optional<Request> read() throws IOException {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    var count = channel.read(ByteBuffer.wrap(bytes, length, bytes.length - length));
    if (count < 0) {
      channel.close();
      return Optional.empty();
    }
    var arrived = System.nanoTime();
    length += count;
    var head = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    var end = head.indexOf("\r\n\r\n");
    if (end < 0) {
      return Optional.empty();
    }
    var bodyStart = end + 4;
    var bodyEnd = bodyStart + contentLength(head.substring(0, end));
    if (length < bodyEnd) {
      return Optional.empty();
    }
    var words = head.substring(0, head.indexOf("\r\n")).split(" ", 3);
    var request =
        new Request(
            words[0], words[1], Arrays.copyOfRange(bytes, bodyStart, bodyEnd), arrived, this);
    System.arraycopy(bytes, bodyEnd, bytes, 0, length - bodyEnd);
    length -= bodyEnd;
    return Optional.of(request);
  }

  private static int contentLength(String head) {
    return head.toLowerCase(Locale.ROOT)
        .lines()
        .filter(line -> line.startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElse(0);
  }

  private long answer(int status, Map<String, String> headers, byte[] body) throws IOException {
    var head = new StringBuilder("HTTP/1.1 ").append(status).append(" OK\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    var text = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    var answer = ByteBuffer.allocate(text.length + body.length).put(text).put(body).flip();
    var begin = System.nanoTime();
    while (answer.hasRemaining()) {
      channel.write(answer);
    }
    return begin;
  }
}
