package cruddur.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory that a process touches. Of a restored one, Lambda loads each page from the snapshot's
 * storage when it is first touched. By the bits of Linux's page tables (proc_pid_clear_refs(5)).
 */
record MemoryPages(Path process) {
  static MemoryPages of(Process process) {
    return new MemoryPages(Path.of("/proc", Long.toString(process.pid())));
  }

  /** Forgets what was touched before. */
  void forget() throws IOException {
    Files.writeString(process.resolve("clear_refs"), "1");
  }

  /** What was touched since, MiB. */
  double touched() throws IOException {
    return sum("smaps", "Referenced:");
  }

  /** The most that was held, MiB. */
  double peak() throws IOException {
    return sum("status", "VmHWM:");
  }

  private double sum(String file, String name) throws IOException {
    // A mapped file's name may be in any encoding.
    try (var lines = Files.lines(process.resolve(file), StandardCharsets.ISO_8859_1)) {
      return lines
              .filter(line -> line.startsWith(name))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum()
          / 1024.0;
    }
  }
}
