package cruddur.benchmarks;

import cruddur.local.lambda.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory that a process touches. Of a restored one, Lambda loads each page from the snapshot's
 * storage when it is first touched. By the bits of Linux's page tables (proc_pid_clear_refs(5)).
 */
record MemoryPages(long process) {
  static MemoryPages of(Process process) {
    return new MemoryPages(process.pid());
  }

  /** Forgets what was touched before. */
  void forget() throws IOException {
    Files.writeString(Path.of("/proc", Long.toString(process), "clear_refs"), "1");
  }

  /** What was touched since, MiB. */
  double touched() throws IOException {
    return mebibytes("smaps", "Referenced:");
  }

  /** The most that was held, MiB. */
  double peak() throws IOException {
    return mebibytes("status", "VmHWM:");
  }

  private double mebibytes(String file, String member) throws IOException {
    return Proc.kibibytes(process, file, member) / 1024.0;
  }
}
