package cruddur.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Takes images of running processes and restores them, by CRIU (criu(8)). Each copy has its own
 * namespaces of process ids and of time. So copies of one image can run at once, each with its own
 * monotonic clock.
 */
final class Criu {
  /** Closes the connections in a copy: the other end of each still belongs to the original. */
  private static final String CLOSE_CONNECTIONS = "--tcp-close";

  /** Allows a process that leads no session. */
  private static final String NO_SESSION = "--shell-job";

  private Criu() {}

  /** Why this machine cannot use CRIU; empty if it can. */
  static Optional<String> obstacle() {
    try {
      run("criu", "check");
      return Optional.empty();
    } catch (IOException failure) {
      return Optional.of(
          "restored copies need criu, with a \"criu check\" that passes as root: "
              + failure.getMessage());
    }
  }

  /**
   * Takes an image of a process, which keeps running.
   *
   * @param folder for the image, empty
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
    // With this file, a copy's monotonic clock would continue from the image's.
    Files.delete(folder.resolve("timens-0.img"));
  }

  /**
   * Starts a copy of an image. It ends with the returned process.
   *
   * @param clock how far its monotonic clock is ahead of the machine's
   * @param output the file of the original's output
   * @param copy the folder for the copy's output and CRIU's log, empty
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
            // CRIU names a file without its first slash.
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
