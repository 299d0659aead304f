package cruddur.local;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The imports between the emulator's packages, as their package comments describe them. */
class PackagesTest {
  private static final Path SOURCES = Path.of("src/main/java/cruddur/local");

  /** An import from cruddur.local itself has an empty name, which no package may import. */
  private static final Pattern IMPORT =
      Pattern.compile(
          "^import (?:static )?cruddur\\.local\\.([a-z]\\w*|(?=[A-Z]))", Pattern.MULTILINE);

  @Test
  void importsPointOneWay() throws IOException {
    var arrows =
        Map.of(
            "template", Set.of(),
            "lambda", Set.of("template"),
            "gateway", Set.of("lambda", "template"),
            "cognito", Set.of("lambda", "template"));
    for (var arrow : arrows.entrySet()) {
      assertEquals(arrow.getValue(), imported(arrow.getKey()), arrow.getKey());
    }
  }

  /** The other packages that the files of a package import. */
  private static Set<String> imported(String name) throws IOException {
    try (var files = Files.list(SOURCES.resolve(name))) {
      var text = new StringBuilder();
      for (var file : files.toList()) {
        text.append(Files.readString(file));
      }
      return IMPORT
          .matcher(text)
          .results()
          .map(found -> found.group(1))
          .filter(other -> !other.equals(name))
          .collect(toCollection(TreeSet::new));
    }
  }
}
