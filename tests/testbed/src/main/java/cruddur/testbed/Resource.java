package cruddur.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files on the class path. */
final class Resource {
  private Resource() {}

  /**
   * The bytes of a file.
   *
   * @throws IllegalStateException if it is not there
   */
  static byte[] bytes(String file) {
    try (var stream = Resource.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException(file + " is not on the class path");
      }
      return stream.readAllBytes();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The objects of a file that has one JSON object a line. */
  static Stream<Map<String, @Nullable Object>> objects(String file) {
    return new String(bytes(file), StandardCharsets.UTF_8)
        .lines()
        .map(line -> StrictJson.object(line.getBytes(StandardCharsets.UTF_8)).orElseThrow());
  }
}
