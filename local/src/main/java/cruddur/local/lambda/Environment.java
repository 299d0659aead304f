package cruddur.local.lambda;

import cruddur.local.template.FunctionDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An execution environment: a JVM that runs a function's handler under AWS's runtime client. It
 * serves one invocation at a time. Not safe for use by several threads at once.
 */
final class Environment implements AutoCloseable {
  /**
   * The longest start outside an invocation ("Understanding the Lambda execution environment
   * lifecycle" in the Lambda developer guide).
   */
  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  /** The largest response of a function: 6 MiB and 100 bytes. */
  private static final int RESPONSE_LIMIT = 6_291_556;

  private final FunctionDefinition function;
  private final RuntimeApi runtimeApi = new RuntimeApi();
  private final ProcessLog log;
  private final Process process;
  private final Instant launched = Instant.now();
  private final CountDownLatch firstResponse = new CountDownLatch(1);
  private Duration initialization = Duration.ZERO;
  private RuntimeApi.@Nullable Request waiting;
  private Report startReport = new Report.Ready();
  private boolean usable = true;

  /** What a process has reported over the Runtime API, or by its end. */
  private sealed interface Report {
    /** The runtime asks for its next invocation. */
    record Ready() implements Report {}

    /** The handler answered. */
    @SuppressWarnings("ArrayRecordComponent") // The bytes are neither changed nor compared.
    record Answered(byte[] payload) implements Report {}

    /** The handler failed, or its class did not initialize; the payload describes it. */
    @SuppressWarnings("ArrayRecordComponent") // The bytes are neither changed nor compared.
    record Failed(byte[] payload) implements Report {}

    /** The process ended; a Unix signal gives 128 plus its number. */
    record Exited(int status) implements Report {}

    /** Nothing came in time. */
    record TimedOut() implements Report {}
  }

  /**
   * Starts the process, without waiting for it.
   *
   * @param logs the folder for the process's log
   */
  Environment(FunctionDefinition function, Launcher launcher, Path logs) {
    this.function = function;
    this.log = new ProcessLog(logs);
    this.process = launcher.start(runtimeApi.address(), log.redirect());
    var _ = process.onExit().thenRun(runtimeApi::wakeUp);
  }

  /** Whether the environment can serve another invocation. */
  boolean isUsable() {
    return usable && process.isAlive();
  }

  /** The id of its process. */
  long processId() {
    return process.pid();
  }

  /** Waits until the runtime asks for its first invocation, or has failed. */
  void awaitStart() {
    startReport = await(START_LIMIT);
    initialization = Duration.between(launched, Instant.now());
  }

  /** Waits until the first invocation has ended, or the limit has passed. */
  void awaitFirstResponse(Duration limit) {
    try {
      var _ = firstResponse.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs one invocation, for as long as the function's timeout at most. */
  Outcome invoke(String requestId, byte[] event) {
    var begin = Instant.now();
    var report = startReport;
    if (report instanceof Report.Ready || report instanceof Report.TimedOut) {
      // A longer start continues within the invocation, whose timeout covers both.
      report = run(requestId, event, begin.plus(function.timeout()));
    }
    firstResponse.countDown();
    settle(report, begin.plus(function.timeout()));
    var usage =
        new InvocationReport.Usage(
            initialization,
            Duration.between(begin, Instant.now()),
            function.memoryMebibytes(),
            peakMemory());
    initialization = Duration.ZERO;
    return outcome(report, requestId, usage);
  }

  private Report run(String requestId, byte[] event, Instant deadline) {
    while (waiting == null) {
      var report = await(Duration.between(Instant.now(), deadline));
      if (!(report instanceof Report.Ready)) {
        return report;
      }
    }
    try {
      waiting.respond(new RuntimeApi.Call(requestId, event, deadline, function.arn()));
    } catch (IOException _) {
      // The process has ended; {@link #await} returns how.
    }
    waiting = null;
    return await(Duration.between(Instant.now(), deadline));
  }

  /** Waits until the runtime asks for more. Then all output of the handler is in the log. */
  private void settle(Report report, Instant deadline) {
    usable =
        switch (report) {
          case Report.Answered _, Report.Failed _ ->
              await(Duration.between(Instant.now(), deadline)) instanceof Report.Ready;
          case Report.Ready _, Report.Exited _, Report.TimedOut _ -> false;
        };
  }

  private Report await(Duration limit) {
    try {
      var request = runtimeApi.await(limit);
      if (request.isPresent()) {
        return report(request.get());
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return process.isAlive() ? new Report.TimedOut() : new Report.Exited(process.exitValue());
  }

  private Report report(RuntimeApi.Request request) throws IOException {
    if (request.isNext()) {
      waiting = request;
      return new Report.Ready();
    }
    request.accept();
    return request.isResponse() && request.body().length <= RESPONSE_LIMIT
        ? new Report.Answered(request.body())
        : new Report.Failed(request.isError() ? request.body() : tooLarge());
  }

  private static byte[] tooLarge() {
    return """
    {"errorType":"Function.ResponseSizeTooLarge",\
    "errorMessage":"Response payload size exceeded maximum allowed payload size (%d bytes)."}\
    """
        .formatted(RESPONSE_LIMIT)
        .getBytes(StandardCharsets.UTF_8);
  }

  private Outcome outcome(Report report, String requestId, InvocationReport.Usage usage) {
    return switch (report) {
      case Report.Answered(var payload) ->
          new Outcome.Answered(payload, report(requestId, "", usage));
      case Report.Failed(var payload) -> new Outcome.Failed(payload, report(requestId, "", usage));
      case Report.Exited(var status) -> failed(requestId, "Runtime.ExitError", exit(status), usage);
      case Report.TimedOut _, Report.Ready _ ->
          failed(requestId, "Sandbox.Timedout", timedOut(), usage);
    };
  }

  private Outcome failed(
      String requestId, String type, String reason, InvocationReport.Usage usage) {
    var message = "RequestId: %s Error: %s".formatted(requestId, reason);
    var payload = "{\"errorType\":\"%s\",\"errorMessage\":\"%s\"}".formatted(type, message);
    return new Outcome.Failed(
        payload.getBytes(StandardCharsets.UTF_8),
        report(requestId, message + "\n" + type + "\n", usage));
  }

  private String report(String requestId, String ending, InvocationReport.Usage usage) {
    return InvocationReport.around(requestId, log.readNew() + ending, usage);
  }

  private static String exit(int status) {
    return switch (status) {
      case 0 -> "Runtime exited without providing a reason";
      case 134 -> "Runtime exited with error: report: aborted";
      case 137 -> "Runtime exited with error: report: killed";
      case 139 -> "Runtime exited with error: report: segmentation fault";
      case 143 -> "Runtime exited with error: report: terminated";
      default -> "Runtime exited with error: exit status " + status;
    };
  }

  private String timedOut() {
    return String.format(
        Locale.ROOT, "Task timed out after %.2f seconds", function.timeout().toMillis() / 1e3);
  }

  /** The most memory that the process has used, MiB; 0 if it has ended. */
  private int peakMemory() {
    try {
      return Math.toIntExact(Proc.kibibytes(process.pid(), "status", "VmHWM:") / 1024);
    } catch (IOException _) {
      return 0;
    }
  }

  /** Ends the process at once. */
  @Override
  public void close() {
    process.destroyForcibly();
    runtimeApi.close();
    log.close();
  }
}
