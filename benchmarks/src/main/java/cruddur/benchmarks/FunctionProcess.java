package cruddur.benchmarks;

import cruddur.local.lambda.RuntimeApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The process of one execution environment, from its start on. Not for use by several threads. */
final class FunctionProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Stands in the answer of a function behind the HTTP API when all is well. */
  static final String OK = "\"statusCode\":200";

  private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:bench";
  private static final String REQUEST_ID = "8f507cfc-0000-4697-b07a-ac58fc914c95";

  private final RuntimeApi api = new RuntimeApi();
  private final Process process;
  private final Path log;
  private final Duration timeout;
  private final long begin = System.nanoTime();
  private RuntimeApi.Request waiting;
  private Duration answered = Duration.ZERO;

  /**
   * A contender, before its process is started.
   *
   * @param timeout how long a call may take, as the function's context has it
   */
  record Starter(Command command, Duration timeout) {
    /** How a contender's process is started. */
    interface Command {
      /**
       * Starts it.
       *
       * @param runtimeApi address of its Runtime API
       * @param output takes its standard output and error
       */
      Process start(String runtimeApi, ProcessBuilder.Redirect output) throws IOException;
    }
  }

  /**
   * Starts a process and waits until it asks for its first call, or under SnapStart to be restored.
   *
   * @throws IOException if it does not come so far; with what it wrote
   */
  FunctionProcess(Starter starter) throws IOException {
    timeout = starter.timeout();
    log = Files.createTempFile("bench", ".log");
    process =
        starter.command().start(api.address(), ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      waiting = request();
    } catch (IOException failure) {
      close();
      throw failure;
    }
  }

  /** As the other, in a group from the first moment on. */
  FunctionProcess(Starter starter, ProcessorShare share) throws IOException {
    this(
        new Starter(
            (runtimeApi, output) -> {
              var started = starter.command().start(runtimeApi, output);
              share.take(started);
              return started;
            },
            starter.timeout()));
  }

  private RuntimeApi.Request request() throws IOException {
    var request =
        api.await(LIMIT)
            .orElseThrow(() -> new IOException("no request within " + LIMIT.toSeconds() + " s"));
    if (request.isError()) {
      throw new IOException(
          Files.readString(log, StandardCharsets.ISO_8859_1)
              + new String(request.body(), StandardCharsets.UTF_8));
    }
    return request;
  }

  /** For calls that are timed one by one; see {@link RuntimeApi#waitBusily}. */
  void stayAwake() {
    api.waitBusily();
  }

  /** Time since the process began. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** How old it was when its last answer came. */
  Duration answered() {
    return answered;
  }

  /** The memory of the process. */
  MemoryPages memory() {
    return MemoryPages.of(process);
  }

  /** Whether it was started as SnapStart does it, and waits until it is restored. */
  boolean isAtCheckpoint() {
    return waiting.isCheckpoint();
  }

  /** Ends the wait of a process that was started as SnapStart does it, and began its checkpoint. */
  void restore() throws IOException {
    if (!waiting.isCheckpoint()) {
      throw new IOException("no checkpoint, but " + waiting.path());
    }
    waiting.restore();
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
    var handed =
        waiting.respond(new RuntimeApi.Call(REQUEST_ID, event, Instant.now().plus(timeout), ARN));
    var answer = request();
    answered = Duration.ofNanos(answer.arrived() - begin);
    answer.accept();
    waiting = request();
    var text = new String(answer.body(), StandardCharsets.UTF_8);
    if (!text.replace(" ", "").contains(expected)) {
      throw new IOException("not the answer that was expected: " + text + "\n" + log());
    }
    return Duration.ofNanos(answer.arrived() - handed);
  }

  /** What it has written so far. */
  String log() throws IOException {
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  /** Ends the process at once. */
  @Override
  public void close() throws IOException {
    // Otherwise its end would take time from the next process.
    process.destroyForcibly().onExit().join();
    api.close();
    Files.deleteIfExists(log);
  }
}
