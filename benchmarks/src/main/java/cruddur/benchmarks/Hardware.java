package cruddur.benchmarks;

import cruddur.local.lambda.Proc;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * The machine of a result.
 *
 * @param load average of the last minute before the run
 */
record Hardware(
    String processor, int cores, long memoryMebibytes, String kernel, String jdk, double load) {
  /** The load for each core, above which other processes disturb the benchmark. */
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
        load <= QUIET * cores ? "" : " (not quiet: the ratios are less certain)");
  }
}
