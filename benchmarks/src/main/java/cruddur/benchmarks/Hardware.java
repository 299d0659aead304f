package cruddur.benchmarks;

import cruddur.local.lambda.Proc;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * The machine that a result comes from.
 *
 * @param load processes that wanted a processor in the minute before, on average
 */
record Hardware(
    String processor, int cores, long memoryMebibytes, String kernel, String jdk, double load) {
  /** More than this many busy processes besides the benchmark disturb it. */
  private static final double QUIET = 0.3;

  static Hardware here() throws IOException {
    return new Hardware(
        Proc.values("cpuinfo", "model name").stream().findFirst().orElse("unknown"),
        Runtime.getRuntime().availableProcessors(),
        Proc.kibibytes("meminfo", "MemTotal:") / 1024,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  boolean isQuiet() {
    return load <= QUIET * cores;
  }

  String describe() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %.1f GiB, %s, %s, load before the run %.2f%s",
        processor,
        cores,
        memoryMebibytes / 1024.0,
        kernel,
        jdk,
        load,
        isQuiet() ? "" : " (not quiet: trust the ratios, and those with care)");
  }
}
