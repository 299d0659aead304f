package cruddur.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Images of running processes, made and restored by CRIU (criu(8)). Each restored copy has its own
 * namespaces of process ids and of time, so that copies of one image run at once and their
 * monotonic clocks can differ from the machine's.
 */
final class Criu {
  /** A connection is closed in the copies, as its other end can have only one. */
  private static final String CLOSE_CONNECTIONS = "--tcp-close";

  /** The process need not lead a session. */
  private static final String NO_SESSION = "--shell-job";

  private Criu() {}

  /** Why CRIU cannot be used on this machine; empty where it can. */
  static Optional<String> obstacle() {
    try {
      run("criu", "check");
      return Optional.empty();
    } catch (IOException failure) {
      return Optional.of(
          "skipped, since restored copies take a criu on PATH whose \"criu check\" passes as root: "
              + failure.getMessage());
    }
  }

  /**
   * Writes an image of a process, which goes on.
   *
   * @param folder takes the image, an empty one
   */
  static void dump(Process process, Path folder) throws IOException {
    run(
        "criu",
        "dump",
        "--tree",
        Long.toString(process.pid()),
        "--images-dir",
        folder.toString(),
        "--log-file",
        "dump.log",
        "--leave-running",
        NO_SESSION,
        CLOSE_CONNECTIONS);
    // With it, each copy's monotonic clock would go on from the image's.
    Files.delete(folder.resolve("timens-0.img"));
  }

  /**
   * Starts a copy of an image; with the end of the returned process the copy ends.
   *
   * @param clock how far its monotonic clock is from that of the machine
   * @param output the file that the dumped process wrote its output to
   * @param copy takes the copy's output, and CRIU's log; an empty folder
   */
  static Process restore(Path folder, Duration clock, Path output, Path copy) throws IOException {
    var seconds = Long.toString(clock.toSeconds());
    return new ProcessBuilder(
            "unshare",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "--time",
            "--monotonic",
            seconds,
            "--boottime",
            seconds,
            "criu",
            "restore",
            "--images-dir",
            folder.toString(),
            "--work-dir",
            copy.toString(),
            "--log-file",
            "restore.log",
            // CRIU names a file without the slash at its beginning.
            "--inherit-fd",
            "fd[1]:" + output.toRealPath().toString().substring(1),
            NO_SESSION,
            CLOSE_CONNECTIONS)
        .redirectErrorStream(true)
        .redirectOutput(copy.resolve("output").toFile())
        .start();
  }

  private static void run(String... command) throws IOException {
    var output = Files.createTempFile("criu", ".log");
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (process.onExit().join().exitValue() != 0) {
        throw new IOException(Files.readString(output).strip());
      }
    } finally {
      Files.delete(output);
    }
  }
}
