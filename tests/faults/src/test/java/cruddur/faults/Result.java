package cruddur.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The result of a fault.
 *
 * @param unavailable responses for an unavailable database: 503, or the trigger's message
 * @param reconnections connections opened since the fault began
 * @param slowestSeconds the longest wait for a response
 * @param recovery the time from the fault's end until every client was served
 * @param sameEnvironments whether no environment ended
 * @param wrong responses that are wrong during any fault
 */
record Result(
    String fault,
    Ledger.Balance balance,
    int unavailable,
    int reconnections,
    double slowestSeconds,
    Duration recovery,
    boolean sameEnvironments,
    List<String> wrong) {
  /** Means that a fault had no effect on any call. */
  static final String NOT_MET = "no call met the fault";

  private static final String ROW =
      "| %-40s | %6s | %12s | %6s | %7s | %5s | %5s | %12s | %11s |%n";

  /**
   * The table of all results in {@code target/faults.md}, which {@code bin/test --faults} prints.
   */
  private static final StringBuilder TABLE = new StringBuilder(heading());

  /** Adds this result to the table. */
  void report() throws IOException {
    TABLE.append(row());
    Files.writeString(Path.of("target", "faults.md"), TABLE);
  }

  /** The first two lines of the table, in Markdown. */
  private static String heading() {
    var titles =
        ROW.formatted(
            "fault",
            "posts",
            "acknowledged",
            "found",
            "doubled",
            "lost",
            "503s",
            "longest wait",
            "recovery");
    var columns = titles.replaceAll("[^|\\n]", "-").replace("-|", ":|");
    return titles + columns.replaceFirst(":", "-");
  }

  String row() {
    return String.format(
        Locale.ROOT,
        ROW,
        fault,
        balance.attempted(),
        balance.acknowledged(),
        balance.found(),
        balance.doubled(),
        balance.lost(),
        unavailable,
        String.format(Locale.ROOT, "%.1f s", slowestSeconds),
        String.format(Locale.ROOT, "%.2f s", recovery.toMillis() / 1e3));
  }

  /** The promises that are broken. */
  List<String> broken() {
    var broken = balance.broken();
    if (recovery.compareTo(FaultFixture.RECOVERY) > 0) {
      broken.add("not back after " + recovery);
    }
    if (!sameEnvironments) {
      broken.add("an environment was restarted");
    }
    if (!wrong.isEmpty()) {
      broken.add(wrong.size() + " wrong responses, such as " + wrong.getFirst());
    }
    if (unavailable == 0 && reconnections == 0 && slowestSeconds < 0.1) {
      broken.add(NOT_MET);
    }
    return broken;
  }
}
