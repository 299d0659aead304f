package cruddur.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A cgroup (version 1 or 2) that limits its processes to a share of a core and counts their
 * processor time. It begins without a limit.
 */
final class ProcessorShare implements AutoCloseable {
  /**
   * The memory at which a function has one core, MiB (AWS Lambda Developer Guide, "Configure Lambda
   * function memory"); a smaller memory gives the same proportion of a core.
   */
  static final int CORE_MEBIBYTES = 1_769;

  /** The period of Lambda's own limit, as measured inside a function. */
  private static final int PERIOD_MICROSECONDS = 20_000;

  private static final AtomicInteger GROUPS = new AtomicInteger();

  private final Controller limits;
  private final Controller accounts;

  /** One folder, and whether it is of version 2. */
  private record Controller(Path folder, boolean isVersion2) {
    static Controller create(String name) throws IOException {
      var group = "cruddur-bench-" + ProcessHandle.current().pid() + "-" + GROUPS.getAndIncrement();
      var mount = mount(name);
      return new Controller(
          Files.createDirectory(mount.folder().resolve(group)), mount.isVersion2());
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

  private ProcessorShare(Controller limits, Controller accounts) {
    this.limits = limits;
    this.accounts = accounts;
  }

  /** A group without a limit. */
  static ProcessorShare create() throws IOException {
    var limits = Controller.create("cpu");
    return new ProcessorShare(limits, limits.isVersion2() ? limits : Controller.create("cpuacct"));
  }

  /** Why this machine cannot limit a process to a share; empty if it can. */
  static Optional<String> obstacle() {
    try (var share = create()) {
      share.limit(CORE_MEBIBYTES);
      return Optional.empty();
    } catch (IOException failure) {
      return Optional.of(
          "the share of a core needs Linux, root and cgroups: " + failure.getMessage());
    }
  }

  /** The share of a core that Lambda gives a memory size. */
  static double of(int memoryMebibytes) {
    return (double) memoryMebibytes / CORE_MEBIBYTES;
  }

  /** Moves a process into the group. */
  void take(Process process) throws IOException {
    take(process.pid());
  }

  /** Moves a process into the group. The processes that it starts later are also in the group. */
  void take(long processId) throws IOException {
    var id = Long.toString(processId);
    limits.write("cgroup.procs", id);
    if (!accounts.equals(limits)) {
      accounts.write("cgroup.procs", id);
    }
  }

  /** Limits the group to the share of a memory size from now on. */
  void limit(int memoryMebibytes) throws IOException {
    var quota = Math.round(PERIOD_MICROSECONDS * of(memoryMebibytes));
    if (limits.isVersion2()) {
      limits.write("cpu.max", quota + " " + PERIOD_MICROSECONDS);
    } else {
      limits.write("cpu.cfs_period_us", Integer.toString(PERIOD_MICROSECONDS));
      limits.write("cpu.cfs_quota_us", Long.toString(quota));
    }
  }

  /** The processor time of all threads of the group so far, ended ones included. */
  Duration used() throws IOException {
    if (!accounts.isVersion2()) {
      return Duration.ofNanos(Long.parseLong(accounts.read("cpuacct.usage").strip()));
    }
    var line =
        accounts
            .read("cpu.stat")
            .lines()
            .filter(each -> each.startsWith("usage_usec "))
            .findFirst()
            .orElseThrow(() -> new IOException("cpu.stat has no usage_usec"));
    return Duration.ofNanos(1_000 * Long.parseLong(line.substring(line.indexOf(' ') + 1)));
  }

  /** Removes the group. Its processes must have ended. */
  @Override
  public void close() throws IOException {
    for (var controller : List.of(limits, accounts)) {
      Files.deleteIfExists(controller.folder());
    }
  }
}
