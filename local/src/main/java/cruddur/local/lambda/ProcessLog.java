package cruddur.local.lambda;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The standard output and error of a process, in a file. With a pipe, a response could arrive
 * before the text that was written before it.
 *
 * <p>AWS's runtime client writes the messages of {@code context.getLogger()} as frames, to the file
 * that {@code _LAMBDA_TELEMETRY_LOG_FD} names. A frame is a type (A5 5A and two bytes), a length
 * (four bytes), a time (eight bytes) and the message without a line end.
 */
final class ProcessLog implements AutoCloseable {
  private static final int FRAME_HEADER = 16;

  private final Path file;
  private final FileChannel channel;

  /** Makes an empty log in a folder, which need not exist. */
  ProcessLog(Path folder) {
    try {
      Files.createDirectories(folder);
      this.file = Files.createTempFile(folder, "", ".log");
      this.channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The redirection for the process. */
  ProcessBuilder.Redirect redirect() {
    return ProcessBuilder.Redirect.appendTo(file.toFile());
  }

  /** The output since the last call, with each message on its own line. */
  String readNew() {
    try {
      var bytes = ByteBuffer.allocate((int) (channel.size() - channel.position()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      return unframed(bytes.flip());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String unframed(ByteBuffer bytes) {
    var text = new ByteArrayOutputStream();
    while (bytes.hasRemaining()) {
      if (isFrame(bytes)) {
        var length = bytes.getInt(bytes.position() + 4);
        bytes.position(bytes.position() + FRAME_HEADER);
        var message = new byte[Math.min(length, bytes.remaining())];
        bytes.get(message);
        text.writeBytes(message);
        // Less than its length, if the process was killed while it wrote.
        if (message.length > 0 && message[message.length - 1] != '\n') {
          text.write('\n');
        }
      } else {
        text.write(bytes.get());
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  /** Whether a frame begins here. No character of UTF-8 begins with A5. */
  private static boolean isFrame(ByteBuffer bytes) {
    return bytes.remaining() >= FRAME_HEADER
        && (bytes.getShort(bytes.position()) & 0xFFFF) == 0xA55A;
  }

  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
