package cruddur.migrations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The migrations of the source tree, so that a new one needs no change of the tests. */
final class MigrationFiles {
  private static final Path SQL = Path.of("../../sql/migrations");
  private static final Path JAVA = Path.of("src/main/java/cruddur/migrations");
  private static final Pattern SQL_VERSION = Pattern.compile("V(\\d+)__.*\\.sql");
  private static final Pattern JAVA_VERSION = Pattern.compile("fromVersion\\(\"(\\d+)\"\\)");

  private MigrationFiles() {}

  /** Each as the history names it, in the order in which a run applies them. */
  static List<String> inOrder() {
    var files = new ArrayList<>(versioned().values());
    for (var file : list(SQL)) {
      if (file.startsWith("R__")) {
        files.add(file);
      }
    }
    return files;
  }

  /** The highest version. */
  static String newest() {
    return versioned().lastEntry().getKey().toString();
  }

  private static SequencedMap<Integer, String> versioned() {
    var files = new TreeMap<Integer, String>();
    for (var file : list(SQL)) {
      var version = SQL_VERSION.matcher(file);
      if (version.matches()) {
        files.put(Integer.valueOf(version.group(1)), file);
      }
    }
    for (var file : list(JAVA)) {
      var version = JAVA_VERSION.matcher(read(JAVA.resolve(file)));
      if (version.find()) {
        files.put(
            Integer.valueOf(version.group(1)), "cruddur.migrations." + file.replace(".java", ""));
      }
    }
    return files;
  }

  private static List<String> list(Path folder) {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
