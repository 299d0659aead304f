package cruddur.local;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
   * @param signals hears what the runtime tells, on the server's threads
   */
  RuntimeApi(String functionArn, Consumer<Signal> signals) {
    this.functionArn = functionArn;
    this.signals = signals;
    this.server = LocalServer.start(0, this::handle);
  }

  /** The value of AWS_LAMBDA_RUNTIME_API. */
  String address() {
    return "127.0.0.1:" + server.port();
  }

  /** Gives the runtime its next invocation. */
  void hand(Call call) {
    calls.add(call);
  }

  private void handle(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    if (path.equals(ROOT + "invocation/next")) {
      next(exchange);
    } else if (path.endsWith("/error")) {
      var failure = exchange.getRequestBody().readAllBytes();
      accept(exchange);
      signals.accept(new Signal.Failed(failure));
    } else if (path.startsWith(ROOT + "invocation/") && path.endsWith("/response")) {
      response(exchange);
    } else {
      exchange.sendResponseHeaders(404, -1);
    }
  }

  private void next(HttpExchange exchange) throws IOException {
    signals.accept(new Signal.Ready());
    try {
      var call = calls.take();
      var headers = exchange.getResponseHeaders();
      headers.set("Content-Type", "application/json");
      headers.set("Lambda-Runtime-Aws-Request-Id", call.requestId());
      headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(call.deadline().toEpochMilli()));
      headers.set("Lambda-Runtime-Invoked-Function-Arn", functionArn);
      headers.set("Lambda-Runtime-Trace-Id", Identifiers.trace());
      LocalServer.send(exchange, 200, call.event());
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void response(HttpExchange exchange) throws IOException {
    var answer = LocalServer.body(exchange, ANSWER_LIMIT);
    accept(exchange);
    signals.accept(
        answer.<Signal>map(Signal.Answered::new).orElseGet(() -> new Signal.Failed(tooLarge())));
  }

  private static byte[] tooLarge() {
    return """
    {"errorType":"Function.ResponseSizeTooLarge",\
    "errorMessage":"Response payload size exceeded maximum allowed payload size (%d bytes)."}\
    """
        .formatted(ANSWER_LIMIT)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void accept(HttpExchange exchange) throws IOException {
    LocalServer.send(exchange, 202, "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8));
  }

  /** Stops serving; a runtime that waits loses its connection. */
  @Override
  public void close() {
    server.close();
  }
}
