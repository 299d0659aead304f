package cruddur.benchmarks;

import cruddur.local.lambda.Proc;
import cruddur.local.lambda.RuntimeApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The process of one execution environment, from its start on. For one thread at a time. */
final class FunctionProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Part of each successful response of a function behind the HTTP API. */
  static final String OK = "\"statusCode\":200";

  private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:bench";
  private static final String REQUEST_ID = "8f507cfc-0000-4697-b07a-ac58fc914c95";

  private final RuntimeApi api = new RuntimeApi();
  private final Process process;
  private final Path log;
  private final Duration timeout;
  private final long begin = System.nanoTime();
  private RuntimeApi.Request waiting;
  private Duration responded = Duration.ZERO;

  /**
   * How a contender is started and called.
   *
   * @param timeout the longest time of a call, for the function's context
   */
  record Starter(Command command, Duration timeout) {
    /** How a contender's process is started. */
    interface Command {
      /**
       * Starts the process.
       *
       * @param runtimeApi address of its Runtime API
       * @param output takes its standard output and error
       */
      Process start(String runtimeApi, ProcessBuilder.Redirect output) throws IOException;
    }
  }

  /**
   * Starts a process and waits until it requests its first call, or under SnapStart its restore.
   *
   * @throws IOException with the process's output, if that request does not come
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

  /** Starts a process in a group of its own. */
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
      throw new IOException(log() + new String(request.body(), StandardCharsets.UTF_8));
    }
    return request;
  }

  /** Waits busily during each later call; see {@link RuntimeApi#waitBusily}. */
  void waitBusily() {
    api.waitBusily();
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** The age of the process at its last response. */
  Duration responded() {
    return responded;
  }

  /**
   * Begins to count the memory that the process touches. Lambda loads each page of a restored copy
   * from the snapshot when the copy first touches it. Linux marks these pages
   * (proc_pid_clear_refs(5)).
   */
  void clearTouched() throws IOException {
    Files.writeString(Path.of("/proc", Long.toString(process.pid()), "clear_refs"), "1");
  }

  /** The memory touched since then, or since the start, MiB. */
  double touchedMebibytes() throws IOException {
    return mebibytes("smaps", "Referenced:");
  }

  /** The peak of the memory in use, MiB. */
  double peakMebibytes() throws IOException {
    return mebibytes("status", "VmHWM:");
  }

  private double mebibytes(String file, String member) throws IOException {
    return Proc.kibibytes(process.pid(), file, member) / 1024.0;
  }

  /** Whether the process waits at its checkpoint, as under SnapStart. */
  boolean isAtCheckpoint() {
    return waiting.isCheckpoint();
  }

  /** Restores a process that waits at its checkpoint. */
  void restore() throws IOException {
    if (!waiting.isCheckpoint()) {
      throw new IOException("no checkpoint, but " + waiting.path());
    }
    waiting.restore();
    waiting = request();
  }

  /** Calls the function, and expects {@link #OK}. */
  Duration call(byte[] event) throws IOException {
    return call(event, OK);
  }

  /**
   * Calls the function.
   *
   * @param expected part of the response, without spaces
   * @return the time from the event to the response
   */
  Duration call(byte[] event, String expected) throws IOException {
    var handed =
        waiting.respond(new RuntimeApi.Call(REQUEST_ID, event, Instant.now().plus(timeout), ARN));
    var response = request();
    responded = Duration.ofNanos(response.arrived() - begin);
    response.accept();
    waiting = request();
    var actual = new String(response.body(), StandardCharsets.UTF_8);
    if (!actual.replace(" ", "").contains(expected)) {
      throw new IOException("expected " + expected + ", actual " + actual + "\n" + log());
    }
    return Duration.ofNanos(response.arrived() - handed);
  }

  /** A caller with some events in turn. It closes this process. */
  Caller caller(List<byte[]> events, String expected) {
    return new Caller() {
      @Override
      public Duration call(int number) throws IOException {
        return FunctionProcess.this.call(events.get(number % events.size()), expected);
      }

      @Override
      public void close() throws IOException {
        FunctionProcess.this.close();
      }
    };
  }

  String log() throws IOException {
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  /** Kills the process. */
  @Override
  public void close() throws IOException {
    // Waits for its end, which would otherwise take time from the next process.
    process.destroyForcibly().onExit().join();
    api.close();
    Files.deleteIfExists(log);
  }
}
