package cruddur.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a process writes to its standard output and error, in a file: all that it wrote before it
 * reported an answer is there when the answer is, which no pipe promises.
 */
final class ProcessLog implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  /** Makes an empty log in a folder, which is made when absent. */
  ProcessLog(Path folder) {
    try {
      Files.createDirectories(folder);
      this.file = Files.createTempFile(folder, "", ".log");
      this.channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Where the process is to write, appending. */
  ProcessBuilder.Redirect redirect() {
    return ProcessBuilder.Redirect.appendTo(file.toFile());
  }

  /** What was written since the last call. */
  String fresh() {
    try {
      var bytes = ByteBuffer.allocate((int) (channel.size() - channel.position()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
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
