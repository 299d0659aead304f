package cruddur.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What {@code bin/local} runs, in a process of its own on free ports with data of its own. */
final class LocalProcess implements AutoCloseable {
  private static final List<String> PARTS = List.of("http", "invoke", "identity", "postgres");

  private final Process process;
  private final List<Integer> ports;

  private LocalProcess(Process process, List<Integer> ports) {
    this.process = process;
    this.ports = ports;
  }

  /**
   * Starts it; on return all of it answers.
   *
   * @param root the repository's folder, with the jars built
   */
  static LocalProcess start(Path root) throws IOException {
    var folder = Files.createTempDirectory("bench-local");
    var ports = freePorts();
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", "local/target/local-1.jar:local/target/lib/*"));
    command.addAll(List.of("cruddur.local.Main", "--data", folder.toString()));
    for (var part = 0; part < PARTS.size(); part++) {
      command.addAll(List.of("--" + PARTS.get(part) + "-port", ports.get(part).toString()));
    }
    var log = folder.resolve("log").toFile();
    var builder = new ProcessBuilder(command).directory(root.toFile()).redirectError(log);
    var local = new LocalProcess(builder.start(), ports);
    local.awaitReady(log.toPath());
    return local;
  }

  private static List<Integer> freePorts() throws IOException {
    var held = new ArrayList<ServerSocket>();
    for (var number = 0; number < PARTS.size(); number++) {
      held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    var ports = held.stream().map(ServerSocket::getLocalPort).toList();
    for (var socket : held) {
      socket.close();
    }
    return ports;
  }

  private void awaitReady(Path log) throws IOException {
    var line = output().readLine();
    if (line == null || !line.startsWith("ready")) {
      close();
      throw new IOException("bin/local did not start: " + Files.readString(log));
    }
  }

  private BufferedReader output() {
    return process.inputReader(StandardCharsets.UTF_8);
  }

  /** An address below the HTTP API. */
  URI http(String path) {
    return address("http", path);
  }

  /** Where a function is invoked. */
  URI invoke(String function) {
    return address("invoke", "/2015-03-31/functions/" + function + "/invocations");
  }

  /** Where tokens are handed out. */
  URI token() {
    return address("identity", "/cruddur/token");
  }

  private URI address(String part, String path) {
    return URI.create("http://127.0.0.1:" + ports.get(PARTS.indexOf(part)) + path);
  }

  /** Stops it with all that it started. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
