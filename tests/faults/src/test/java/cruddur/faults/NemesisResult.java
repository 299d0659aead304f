package cruddur.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The result of the rounds of a seed.
 *
 * @param faults number of drawn faults
 * @param overlaps pairs of faults at the same time
 * @param signUps confirmed users
 * @param withoutRow confirmed users without a row after another sign-in
 * @param doubledUsers confirmed users with more than one row
 * @param overdue expired activities after the sweep
 * @param recovery the longest time from the end of a round until each client was served
 * @param seen other broken promises
 */
record NemesisResult(
    long seed,
    Duration time,
    int faults,
    long overlaps,
    Ledger.Balance balance,
    int signUps,
    long withoutRow,
    long doubledUsers,
    int overdue,
    Duration recovery,
    List<String> seen) {
  /** The first two lines of the table, in Markdown. */
  static String heading() {
    return """
    | seed | minutes | faults | overlaps | posts | acknowledged | found | doubled | lost | sign-ups | users without row | longest recovery |
    | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    """;
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "| %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %.2f s |%n",
        seed,
        time.toMinutes(),
        faults,
        overlaps,
        balance.attempted(),
        balance.acknowledged(),
        balance.found(),
        balance.doubled() + doubledUsers,
        balance.lost(),
        signUps,
        withoutRow,
        recovery.toMillis() / 1e3);
  }

  /** The promises that are broken. */
  List<String> broken() {
    var broken = new ArrayList<>(seen);
    broken.addAll(balance.broken());
    if (signUps == 0) {
      broken.add("no user signed up");
    }
    if (doubledUsers > 0) {
      broken.add("users doubled: " + doubledUsers);
    }
    if (withoutRow > 0) {
      broken.add("users without row: " + withoutRow);
    }
    if (overdue > 0) {
      broken.add("expired activities left: " + overdue);
    }
    return broken;
  }
}
