package cruddur.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The table of all results in {@code target/faults.md}, which {@code bin/test --faults} prints. */
final class Report {
  private static final StringBuilder TABLE = new StringBuilder(Result.heading());

  private Report() {}

  /** Adds a row. */
  static synchronized void add(Result result) throws IOException {
    TABLE.append(result.row());
    Files.writeString(Path.of("target", "faults.md"), TABLE);
  }
}
