package cruddur.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * Speed and price of a function with a memory size.
 *
 * @param firstResponse of a restored copy, milliseconds
 * @param laterCall at the median, milliseconds
 */
record MemorySize(int mebibytes, double firstResponse, double laterCall) {
  /** AWS Lambda Pricing, x86 and Arm, US East (N. Virginia), November 2026: in dollars. */
  private static final double GIBIBYTE_SECOND_X86 = 0.0000166667;

  private static final double GIBIBYTE_SECOND_ARM = 0.0000133334;
  private static final double MILLION_REQUESTS = 0.20;

  /** Lambda bills whole milliseconds. */
  private long billedMilliseconds() {
    return (long) Math.ceil(laterCall);
  }

  private double dollars(double gibibyteSecond) {
    var seconds = billedMilliseconds() / 1000.0;
    return MILLION_REQUESTS + 1_000_000 * seconds * mebibytes / 1024 * gibibyteSecond;
  }

  /** A table in Markdown, with a row for each size. */
  static String table(List<MemorySize> sizes) {
    var text =
        new StringBuilder(
            """
            | create, MiB | share of a core | restored, to the first response, ms | a later call, ms | billed ms | $ a million calls, Arm | x86 |
            | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            """);
    for (var size : sizes) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %,d | %.2f | %s | %s | %d | %.3f | %.3f |\n",
              size.mebibytes,
              ProcessorShare.of(size.mebibytes),
              Tables.number(size.firstResponse),
              Tables.number(size.laterCall),
              size.billedMilliseconds(),
              size.dollars(GIBIBYTE_SECOND_ARM),
              size.dollars(GIBIBYTE_SECOND_X86)));
    }
    return text.toString();
  }
}
