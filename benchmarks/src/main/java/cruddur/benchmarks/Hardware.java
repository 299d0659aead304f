package cruddur.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
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
        line("/proc/cpuinfo", "model name"),
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(line("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1024,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String line(String file, String name) throws IOException {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
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
