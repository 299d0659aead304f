package cruddur.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The share of a core that a process gets, by a cgroup of its own (version 1 or 2), and the
 * processor time that it takes: without a limit at first, then what Lambda gives a memory size.
 */
final class ProcessorShare implements AutoCloseable {
  /**
   * The memory at which a function has one core, MiB (AWS Lambda Developer Guide, "Configure Lambda
   * function memory"); a smaller one has its part of it.
   */
  static final int CORE_MEBIBYTES = 1_769;

  /** Lambda hands out processor time in periods of 20 ms, as measured from inside a function. */
  private static final int PERIOD_MICROSECONDS = 20_000;

  private static final AtomicInteger GROUPS = new AtomicInteger();

  private final Controller limits;
  private final Controller books;

  /** One folder, and whether it is of version 2. */
  private record Controller(Path folder, boolean second) {
    static Controller create(String name) throws IOException {
      var group = "cruddur-bench-" + ProcessHandle.current().pid() + "-" + GROUPS.getAndIncrement();
      var mount = mount(name);
      return new Controller(Files.createDirectory(mount.folder().resolve(group)), mount.second());
    }

    private static Controller mount(String name) throws IOException {
      for (var line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
        var words = line.split(" ");
        var folder = Path.of(words[1]);
        if (words[2].equals("cgroup") && List.of(words[3].split(",")).contains(name)) {
          return new Controller(folder, false);
        }
        if (words[2].equals("cgroup2")
            && List.of(Files.readString(folder.resolve("cgroup.controllers")).strip().split(" "))
                .contains("cpu")) {
          return new Controller(folder, true);
        }
      }
      throw new IOException("no cgroup has the controller " + name);
    }

    void write(String file, String value) throws IOException {
      Files.writeString(folder.resolve(file), value);
    }

    String read(String file) throws IOException {
      return Files.readString(folder.resolve(file));
    }
  }

  private ProcessorShare(Controller limits, Controller books) {
    this.limits = limits;
    this.books = books;
  }

  /** A group without a limit. */
  static ProcessorShare create() throws IOException {
    var limits = Controller.create("cpu");
    return new ProcessorShare(limits, limits.second() ? limits : Controller.create("cpuacct"));
  }

  /** Why no process can be given a share on this machine; empty where it can. */
  static Optional<String> obstacle() {
    try (var share = create()) {
      share.limit(CORE_MEBIBYTES);
      return Optional.empty();
    } catch (IOException failure) {
      return Optional.of(
          "a process cannot be given a share of a core here, which takes Linux, root and cgroups: "
              + failure.getMessage());
    }
  }

  /** The share of a core that Lambda gives a memory size. */
  static double of(int memoryMebibytes) {
    return (double) memoryMebibytes / CORE_MEBIBYTES;
  }

  /** Takes a process into the group, with all its threads. */
  void take(Process process) throws IOException {
    take(process.pid());
  }

  /** Takes a process into the group by its id; what it starts later is in the group, too. */
  void take(long processId) throws IOException {
    var id = Long.toString(processId);
    limits.write("cgroup.procs", id);
    if (!books.equals(limits)) {
      books.write("cgroup.procs", id);
    }
  }

  /**
   * Limits the group to the share of a memory size from now on; what it took before is forgotten.
   */
  void limit(int memoryMebibytes) throws IOException {
    var quota = Math.round(PERIOD_MICROSECONDS * of(memoryMebibytes));
    if (limits.second()) {
      limits.write("cpu.max", quota + " " + PERIOD_MICROSECONDS);
    } else {
      limits.write("cpu.cfs_period_us", Integer.toString(PERIOD_MICROSECONDS));
      limits.write("cpu.cfs_quota_us", Long.toString(quota));
    }
  }

  /** The processor time that the group has taken, all threads together, the ended ones too. */
  Duration used() throws IOException {
    if (!books.second()) {
      return Duration.ofNanos(Long.parseLong(books.read("cpuacct.usage").strip()));
    }
    var line =
        books
            .read("cpu.stat")
            .lines()
            .filter(each -> each.startsWith("usage_usec "))
            .findFirst()
            .orElseThrow(() -> new IOException("cpu.stat has no usage_usec"));
    return Duration.ofNanos(1_000 * Long.parseLong(line.substring(line.indexOf(' ') + 1)));
  }

  /** Removes the group, whose processes have ended. */
  @Override
  public void close() throws IOException {
    for (var controller : List.of(limits, books)) {
      try {
        Files.deleteIfExists(controller.folder());
      } catch (NoSuchFileException _) {
        // It was removed before.
      }
    }
  }
}
