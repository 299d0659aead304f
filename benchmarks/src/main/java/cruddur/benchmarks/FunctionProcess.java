package cruddur.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The process of one execution environment, from its start on. Not for use by several threads. */
final class FunctionProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Stands in the answer of a function behind the HTTP API when all is well. */
  static final String OK = "\"statusCode\":200";

  private static final String ROOT = "/2018-06-01/runtime/";

  private final RuntimeApiServer api = new RuntimeApiServer();
  private final Process process;
  private final Path log;
  private final long begin = System.nanoTime();
  private HttpConnection.Request waiting;
  private Duration answered = Duration.ZERO;

  /** How a contender's process is started. */
  interface Starter {
    /**
     * Starts it.
     *
     * @param runtimeApi address of its Runtime API
     * @param output takes its standard output and error
     */
    Process start(String runtimeApi, ProcessBuilder.Redirect output) throws IOException;
  }

  /**
   * Starts a process and waits until it asks for its first call, or under SnapStart to be restored.
   *
   * @throws IOException if it does not come so far; with what it wrote
   */
  FunctionProcess(Starter starter) throws IOException {
    log = Files.createTempFile("bench", ".log");
    process = starter.start(api.address(), ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      waiting = request();
    } catch (IOException failure) {
      close();
      throw failure;
    }
  }

  private HttpConnection.Request request() throws IOException {
    try {
      var request = api.await(LIMIT);
      if (request.path().endsWith("/error")) {
        throw new IOException(new String(request.body(), StandardCharsets.UTF_8));
      }
      return request;
    } catch (IOException failure) {
      throw new IOException(Files.readString(log, StandardCharsets.ISO_8859_1), failure);
    }
  }

  /** For calls that are timed one by one; see {@link RuntimeApiServer#stayAwake}. */
  void stayAwake() {
    api.stayAwake();
  }

  /** Time since the process began. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** How old it was when its last answer came. */
  Duration answered() {
    return answered;
  }

  /** Ends the wait of a process that was started as SnapStart does it, and began its checkpoint. */
  void restore() throws IOException {
    if (!waiting.path().equals(ROOT + "restore/next")) {
      throw new IOException("no checkpoint, but " + waiting.path());
    }
    waiting.answer(200, Map.of(), new byte[0]);
    waiting = request();
  }

  /**
   * Calls the function and waits for its answer.
   *
   * @return how long that took
   */
  Duration call(byte[] event) throws IOException {
    return call(event, OK);
  }

  /**
   * Calls the function.
   *
   * @param expected stands in the answer, white space left out
   */
  Duration call(byte[] event, String expected) throws IOException {
    var deadline = Instant.now().plus(LIMIT).toEpochMilli();
    var headers =
        Map.of(
            "Content-Type", "application/json",
            "Lambda-Runtime-Aws-Request-Id", "8f507cfc-0000-4697-b07a-ac58fc914c95",
            "Lambda-Runtime-Deadline-Ms", Long.toString(deadline),
            "Lambda-Runtime-Invoked-Function-Arn",
                "arn:aws:lambda:us-east-1:000000000000:function:bench",
            "Lambda-Runtime-Trace-Id", "Root=1-67a0b1c2-0123456789abcdef01234567");
    var handed = waiting.answer(200, headers, event);
    var answer = request();
    answered = Duration.ofNanos(answer.arrived() - begin);
    answer.answer(
        202, Map.of("Content-Type", "application/json"), "{}".getBytes(StandardCharsets.UTF_8));
    waiting = request();
    var text = new String(answer.body(), StandardCharsets.UTF_8);
    if (!text.replace(" ", "").contains(expected)) {
      throw new IOException("not the answer that was expected: " + text);
    }
    return Duration.ofNanos(answer.arrived() - handed);
  }

  /** Processor time that it has taken so far, all its threads together. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** The most memory that it has held, MiB, by Linux's own books. */
  double peakMemory() throws IOException {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      return lines
              .filter(line -> line.startsWith("VmHWM:"))
              .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
              .findFirst()
              .orElse(0)
          / 1024.0;
    }
  }

  /** What it has written so far. */
  String log() throws IOException {
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  /** Ends the process at once. */
  @Override
  public void close() throws IOException {
    // Its ending would take time from whoever begins next.
    process.destroyForcibly().onExit().join();
    api.close();
    Files.deleteIfExists(log);
  }
}
