package cruddur.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A file of cases, one JSON object a line. */
final class JsonLines {
  private JsonLines() {}

  /**
   * The objects of a file on the class path.
   *
   * @throws IllegalStateException if it is not there
   */
  static Stream<Map<String, @Nullable Object>> of(String file) {
    try (InputStream stream = JsonLines.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException(file + " is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> StrictJson.object(line.getBytes(StandardCharsets.UTF_8)).orElseThrow());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
