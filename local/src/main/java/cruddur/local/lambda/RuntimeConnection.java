package cruddur.local.lambda;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A kept-alive connection to a {@link RuntimeApi}. It has the part of HTTP/1.1 that runtime clients
 * use: their bodies have a length.
 */
final class RuntimeConnection {
  private final SocketChannel channel;
  private byte[] bytes = new byte[64 * 1024];
  private int length;

  RuntimeConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Reads the bytes that have arrived; empty if they are not a whole request yet, or the client has
   * ended.
   */
  Optional<RuntimeApi.Request> read() throws IOException {
    if (!fill()) {
      channel.close();
      return Optional.empty();
    }
    var arrived = System.nanoTime();
    var bodyStart = endOfHead();
    if (bodyStart < 0) {
      return Optional.empty();
    }
    var head = new String(bytes, 0, bodyStart, StandardCharsets.ISO_8859_1);
    var bodyEnd = bodyStart + contentLength(head);
    if (length < bodyEnd) {
      return Optional.empty();
    }
    var words = head.substring(0, head.indexOf("\r\n")).split(" ", 3);
    var body = Arrays.copyOfRange(bytes, bodyStart, bodyEnd);
    System.arraycopy(bytes, bodyEnd, bytes, 0, length - bodyEnd);
    length -= bodyEnd;
    return Optional.of(new RuntimeApi.Request(words[0], words[1], body, arrived, this));
  }

  private boolean fill() {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    try {
      var count = channel.read(ByteBuffer.wrap(bytes, length, bytes.length - length));
      length += Math.max(count, 0);
      return count >= 0;
    } catch (IOException _) {
      // The client's process was ended.
      return false;
    }
  }

  /** The index of the body, or -1 if the head is not complete yet. */
  private int endOfHead() {
    for (var end = 4; end <= length; end++) {
      if (bytes[end - 1] == '\n'
          && bytes[end - 2] == '\r'
          && bytes[end - 3] == '\n'
          && bytes[end - 4] == '\r') {
        return end;
      }
    }
    return -1;
  }

  private static int contentLength(String head) {
    return head.toLowerCase(Locale.ROOT)
        .lines()
        .filter(line -> line.startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElse(0);
  }

  /** Responds, and returns the time just before the first byte was sent. */
  long respond(int status, Map<String, String> headers, byte[] body) throws IOException {
    var head = new StringBuilder("HTTP/1.1 ").append(status).append(" \r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    var text = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    var response = ByteBuffer.allocate(text.length + body.length).put(text).put(body).flip();
    var begin = System.nanoTime();
    while (response.hasRemaining()) {
      channel.write(response);
    }
    return begin;
  }
}
