package cruddur.testbed;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The process of the emulator, without the build of {@code bin/local}. The test's class path must
 * have {@code local}.
 */
public final class EmulatorProcess implements AutoCloseable {
  private static final int STOP_LIMIT_SECONDS = 30;

  private final Process process;
  private final Path output;
  private final Path log;

  /**
   * Starts a process, without waiting until it is ready.
   *
   * @param root the repository
   * @param folder for the output of the process
   * @param command as {@link #command} makes it
   * @param environment environment variables besides those of this process
   */
  public EmulatorProcess(
      Path root, Path folder, List<String> command, Map<String, String> environment)
      throws IOException {
    output = folder.resolve("stdout");
    log = folder.resolve("stderr");
    var builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectOutput(output.toFile())
            .redirectError(log.toFile());
    builder.environment().remove("PAGE_ORIGIN");
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /** The command that starts the emulator. */
  public static List<String> command(EmulatorPorts ports, String data, String... options) {
    var classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
            .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator);
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath));
    command.addAll(List.of("cruddur.local.Main", "--data", data));
    command.addAll(ports.options());
    command.addAll(List.of(options));
    return command;
  }

  /** The process. */
  public Process process() {
    return process;
  }

  /** Its standard output so far. */
  public String output() throws IOException {
    return Files.readString(output);
  }

  /** Its standard error so far. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /**
   * Waits until all parts answer.
   *
   * @throws AssertionError when the process ends first; the message is its log
   */
  public void awaitReady() throws IOException {
    await(output, "\n");
    if (!output().startsWith("ready")) {
      throw new AssertionError(output());
    }
  }

  /** Waits until the log has a text. */
  public void awaitLog(String text) throws IOException {
    await(log, text);
  }

  private void await(Path file, String text) throws IOException {
    Wait.until("the process writes " + text, () -> has(file, text) || !process.isAlive());
    if (!has(file, text)) {
      throw new AssertionError(log());
    }
  }

  private static boolean has(Path file, String text) throws IOException {
    return Files.readString(file).contains(text);
  }

  /** Waits for the end of the process and returns its exit status. */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the process has not ended");
    }
    return process.exitValue();
  }

  /** Stops the process as Ctrl-C does, and waits for its end. */
  public void stop() throws InterruptedException {
    process.destroy();
    var _ = awaitEnd();
  }

  /** Stops the process, by force if it takes too long. */
  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
