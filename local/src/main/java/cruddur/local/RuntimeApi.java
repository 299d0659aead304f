package cruddur.local;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * The Lambda Runtime API for one execution environment, as the Lambda developer guide describes it
 * under "Using the Lambda runtime API", version 2018-06-01.
 */
final class RuntimeApi implements AutoCloseable {
  private static final String ROOT = "/2018-06-01/runtime/";

  /** The largest answer of a function, bytes: 6 MiB and 100 bytes. */
  private static final int ANSWER_LIMIT = 6_291_556;

  private final String functionArn;
  private final Consumer<Signal> signals;
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final LocalServer server;

  /**
   * One invocation.
   *
   * @param deadline when the environment will be ended
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes that nobody changes or compares.
  record Call(String requestId, byte[] event, Instant deadline) {}

  /**
   * Starts serving.
   *
   * @param signals receives what the runtime reports, on the server's threads
   */
  RuntimeApi(String functionArn, Consumer<Signal> signals) {
    this.functionArn = functionArn;
    this.signals = signals;
    this.server = LocalServer.start(0, GatewayAnswer::refusal, this::answer);
  }

  /** The value of AWS_LAMBDA_RUNTIME_API. */
  String address() {
    return "127.0.0.1:" + server.port();
  }

  /** Gives the runtime its next invocation. */
  void hand(Call call) {
    calls.add(call);
  }

  private GatewayAnswer answer(GatewayRequest request) {
    var path = request.path();
    if (path.equals(ROOT + "invocation/next")) {
      return next();
    }
    if (path.endsWith("/error")) {
      signals.accept(new Signal.Failed(request.body()));
    } else if (path.startsWith(ROOT + "invocation/") && path.endsWith("/response")) {
      signals.accept(
          request.body().length > ANSWER_LIMIT
              ? new Signal.Failed(tooLarge())
              : new Signal.Answered(request.body()));
    } else {
      return GatewayAnswer.refusal(404);
    }
    return GatewayAnswer.json(202, "{\"status\":\"OK\"}");
  }

  private GatewayAnswer next() {
    signals.accept(new Signal.Ready());
    try {
      var call = calls.take();
      return new GatewayAnswer(
          200,
          Map.of(
              "content-type", List.of("application/json"),
              "lambda-runtime-aws-request-id", List.of(call.requestId()),
              "lambda-runtime-deadline-ms", List.of(Long.toString(call.deadline().toEpochMilli())),
              "lambda-runtime-invoked-function-arn", List.of(functionArn),
              "lambda-runtime-trace-id", List.of(Identifiers.trace())),
          call.event());
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      return GatewayAnswer.refusal(503);
    }
  }

  private static byte[] tooLarge() {
    return """
    {"errorType":"Function.ResponseSizeTooLarge",\
    "errorMessage":"Response payload size exceeded maximum allowed payload size (%d bytes)."}\
    """
        .formatted(ANSWER_LIMIT)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Stops serving; a runtime that waits loses its connection. */
  @Override
  public void close() {
    server.close();
  }
}
