package cruddur.local.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLogTest {
  @TempDir private static Path folder;

  /** A process may be killed after each byte that it writes. */
  @Test
  void readsALogThatEndsAnywhere() throws IOException {
    var frame =
        ByteBuffer.allocate(21)
            .putInt(0xA55A0003)
            .putInt(5)
            .putLong(0)
            .put("hello".getBytes(StandardCharsets.UTF_8))
            .array();
    for (var length = 0; length <= frame.length; length++) {
      try (var log = new ProcessLog(folder)) {
        var part = ByteBuffer.allocate(length).put(frame, 0, length).array();
        Files.write(log.redirect().file().toPath(), part);
        var text = log.readNew();
        if (length >= 16) {
          assertEquals("hello".substring(0, length - 16) + (length > 16 ? "\n" : ""), text);
        }
      }
    }
  }
}
