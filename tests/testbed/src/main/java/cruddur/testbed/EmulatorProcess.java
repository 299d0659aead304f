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
 * The process behind {@code bin/local}, without its build. The module of the test has {@code local}
 * on its class path.
 */
public final class EmulatorProcess implements AutoCloseable {
  private static final int STOP_LIMIT_SECONDS = 30;

  private final Process process;
  private final Path output;
  private final Path log;

  private EmulatorProcess(Process process, Path output, Path log) {
    this.process = process;
    this.output = output;
    this.log = log;
  }

  /**
   * Starts a process, without waiting until it is ready.
   *
   * @param root the repository
   * @param folder takes what the process writes
   * @param command as {@link #command} makes it
   * @param environment variables that are added to this process's
   */
  public static EmulatorProcess start(
      Path root, Path folder, List<String> command, Map<String, String> environment)
      throws IOException {
    var output = folder.resolve("stdout");
    var log = folder.resolve("stderr");
    var builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectOutput(output.toFile())
            .redirectError(log.toFile());
    builder.environment().remove("PAGE_ORIGIN");
    builder.environment().putAll(environment);
    return new EmulatorProcess(builder.start(), output, log);
  }

  /** The command that starts it. */
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

  /** What it has written to its standard output. */
  public String output() throws IOException {
    return Files.readString(output);
  }

  /** What it has written to its standard error. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /**
   * Waits until all parts answer.
   *
   * @throws AssertionError when the process ends before; with its log
   */
  public void awaitReady() throws IOException {
    await(output, "\n");
    if (!output().startsWith("ready")) {
      throw new AssertionError(output());
    }
  }

  /** Waits until its log has a text. */
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

  /** Waits for the end of a process that cannot start, and gives its exit status. */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the process has not ended");
    }
    return process.exitValue();
  }

  /** Stops it as Ctrl-C does, and waits for its end. */
  public void stop() throws InterruptedException {
    process.destroy();
    var _ = awaitEnd();
  }

  /** Stops it, by force where it takes too long. */
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
