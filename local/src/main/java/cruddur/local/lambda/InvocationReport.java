package cruddur.local.lambda;

import java.time.Duration;
import java.util.Locale;

/** The lines that Lambda adds to a function's log for an invocation, in text form. */
final class InvocationReport {
  private InvocationReport() {}

  /**
   * The time and memory of an invocation.
   *
   * @param initialization the environment's start; zero if the environment was used before
   * @param peakMemory the most memory of the process, MiB
   */
  record Usage(Duration initialization, Duration duration, int memorySize, int peakMemory) {}

  /** The whole log of an invocation. */
  static String around(String requestId, String output, Usage usage) {
    var lines = output.isEmpty() || output.endsWith("\n") ? output : output + "\n";
    return "START RequestId: %1$s Version: $LATEST\n%2$sEND RequestId: %1$s\nREPORT RequestId: %1$s\t%3$s\n"
        .formatted(requestId, lines, numbers(usage));
  }

  private static String numbers(Usage usage) {
    var duration = milliseconds(usage.duration());
    var initialization = milliseconds(usage.initialization());
    return String.format(
            Locale.ROOT,
            "Duration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %d MB\tMax Memory Used: %d"
                + " MB\t",
            duration,
            Math.ceil(duration + initialization),
            usage.memorySize(),
            usage.peakMemory())
        + (usage.initialization().isZero()
            ? ""
            : String.format(Locale.ROOT, "Init Duration: %.2f ms\t", initialization));
  }

  private static double milliseconds(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
