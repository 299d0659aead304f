package cruddur.local;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Lambda's Invoke operation over HTTP, as "Invoke" in the Lambda API reference has it: what {@code
 * aws lambda invoke --endpoint-url} and every SDK speak. Signatures are not looked at.
 */
final class InvokeApi implements AutoCloseable {
  /** The largest event of a synchronous invocation, bytes. */
  private static final int EVENT_LIMIT = 6 * 1024 * 1024;

  /** The largest event of an asynchronous invocation, bytes. */
  private static final int QUEUED_EVENT_LIMIT = 1024 * 1024;

  private static final int LOG_TAIL = 4096;

  private static final Pattern PATH = Pattern.compile("/2015-03-31/functions/([^/]+)/invocations");

  private final Functions functions;
  private final LocalServer server;

  /** Starts serving on a port; 0 is a free one. */
  InvokeApi(Functions functions, int port) {
    this.functions = functions;
    this.server = LocalServer.start(port, this::handle);
  }

  /** TCP port on 127.0.0.1. */
  int port() {
    return server.port();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var requestId = Identifiers.request();
    exchange.getResponseHeaders().set("X-Amzn-RequestId", requestId);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    var event = LocalServer.body(exchange, EVENT_LIMIT);
    var path = PATH.matcher(exchange.getRequestURI().getRawPath());
    if (!path.matches() || !exchange.getRequestMethod().equals("POST")) {
      refuse(exchange, 404, "UnknownOperationException", "only Invoke is served here");
      return;
    }
    var asked = FunctionName.of(URLDecoder.decode(path.group(1), StandardCharsets.UTF_8));
    if (!functions.contains(asked.name())) {
      refuse(exchange, 404, "ResourceNotFoundException", "Function not found: " + asked.arn());
      return;
    }
    invoke(exchange, asked.name(), requestId, event);
  }

  private void invoke(HttpExchange exchange, String name, String requestId, Optional<byte[]> body)
      throws IOException {
    var type = header(exchange, "X-Amz-Invocation-Type", "RequestResponse");
    var limit = type.equals("Event") ? QUEUED_EVENT_LIMIT : EVENT_LIMIT;
    if (body.isEmpty() || body.get().length > limit) {
      refuse(
          exchange,
          413,
          "RequestEntityTooLargeException",
          "Request must be smaller than %d bytes for the InvokeFunction operation"
              .formatted(limit));
      return;
    }
    // A call without an event gets an empty object, as in AWS.
    var event = body.get().length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body.get();
    var mistake = Json.mistake(event);
    if (mistake.isPresent()) {
      refuse(
          exchange,
          400,
          "InvalidRequestContentException",
          "Could not parse request body into json: " + mistake.get());
      return;
    }
    exchange.getResponseHeaders().set("X-Amz-Executed-Version", "$LATEST");
    switch (type) {
      case "RequestResponse" -> answer(exchange, functions.invoke(name, requestId, event));
      case "Event" -> {
        // Unlike in AWS, a failed one is not tried again: a bug is met once, and at once.
        Thread.startVirtualThread(() -> functions.invoke(name, requestId, event));
        exchange.sendResponseHeaders(202, -1);
      }
      case "DryRun" -> exchange.sendResponseHeaders(204, -1);
      default ->
          refuse(
              exchange, 400, "InvalidParameterValueException", "unknown invocation type " + type);
    }
  }

  private static String header(HttpExchange exchange, String name, String otherwise) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse(otherwise);
  }

  private static void answer(HttpExchange exchange, Outcome outcome) throws IOException {
    if (header(exchange, "X-Amz-Log-Type", "None").equals("Tail")) {
      exchange.getResponseHeaders().set("X-Amz-Log-Result", tail(outcome.log()));
    }
    switch (outcome) {
      case Outcome.Answered(var payload, _) -> LocalServer.send(exchange, 200, payload);
      case Outcome.Failed(var payload, _) -> {
        exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
        LocalServer.send(exchange, 200, payload);
      }
      case Outcome.Throttled() ->
          refuse(exchange, 429, "TooManyRequestsException", "Rate Exceeded.");
    }
  }

  private static String tail(String log) {
    var bytes = log.getBytes(StandardCharsets.UTF_8);
    var from = Math.max(0, bytes.length - LOG_TAIL);
    return Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
  }

  private static void refuse(HttpExchange exchange, int status, String type, String message)
      throws IOException {
    var fault = status < 500 ? "User" : "Service";
    var body = Json.object().put("Type", fault).put("Message", message).toString();
    exchange.getResponseHeaders().set("X-Amzn-ErrorType", type);
    LocalServer.send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
