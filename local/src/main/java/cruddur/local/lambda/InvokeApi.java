package cruddur.local.lambda;

import cruddur.local.template.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Lambda's Invoke operation over HTTP ("Invoke" in the Lambda API reference), for {@code aws lambda
 * invoke --endpoint-url} and every SDK. Signatures are not checked.
 */
public final class InvokeApi implements AutoCloseable {
  /** The largest event of a synchronous invocation, bytes. */
  private static final int EVENT_LIMIT = 6 * 1024 * 1024;

  /** The largest event of an asynchronous invocation, bytes. */
  private static final int QUEUED_EVENT_LIMIT = 1024 * 1024;

  private static final String INVALID_CONTENT = "InvalidRequestContentException";

  private static final int LOG_TAIL = 4096;

  private static final Pattern PATH = Pattern.compile("/2015-03-31/functions/([^/]+)/invocations");

  private final Functions functions;
  private final LocalServer server;

  /** Starts serving on a port; 0 is a free one. */
  public InvokeApi(Functions functions, int port) {
    this.functions = functions;
    this.server = new LocalServer(port, InvokeApi::refusal, this::respond);
  }

  /** TCP port on 127.0.0.1. */
  int port() {
    return server.port();
  }

  private HttpResponse respond(HttpRequest request) {
    var requestId = UUID.randomUUID().toString();
    return respond(request, requestId).with("x-amzn-requestid", requestId);
  }

  private HttpResponse respond(HttpRequest request, String requestId) {
    var path = PATH.matcher(request.path());
    if (!path.matches() || !request.method().equals("POST")) {
      return refusal(404, "UnknownOperationException", "only Invoke is served here");
    }
    var named = FunctionName.of(path.group(1));
    var qualifier = request.queryParameters().get("Qualifier");
    var asked = qualifier == null ? named : named.with(qualifier);
    if (named.qualifier().isPresent() && !named.equals(asked)) {
      return refusal(
          400,
          "InvalidParameterValueException",
          "The derived qualifier from the function name does not match the specified qualifier.");
    }
    return functions
        .find(asked)
        .map(function -> invoke(request, function.name(), requestId))
        .orElseGet(
            () ->
                refusal(
                    404,
                    "ResourceNotFoundException",
                    "Function not found: " + asked.qualifiedArn()));
  }

  private HttpResponse invoke(HttpRequest request, String name, String requestId) {
    var type = request.header("x-amz-invocation-type").orElse("RequestResponse");
    var limit = type.equals("Event") ? QUEUED_EVENT_LIMIT : EVENT_LIMIT;
    if (request.body().length > limit) {
      return refusal(
          413,
          "RequestEntityTooLargeException",
          "Request must be smaller than %d bytes for the InvokeFunction operation"
              .formatted(limit));
    }
    // A call without an event gets an empty object, as in AWS.
    var event = request.body().length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : request.body();
    var mistake = Json.mistake(event);
    if (mistake.isPresent()) {
      return refusal(
          400, INVALID_CONTENT, "Could not parse request body into json: " + mistake.get());
    }
    return switch (type) {
      case "RequestResponse" -> respond(request, functions.invoke(name, requestId, event));
      case "Event" -> {
        // Unlike in AWS, a failed call is not repeated.
        Thread.startVirtualThread(() -> functions.invoke(name, requestId, event));
        yield executed(202, new byte[0]);
      }
      case "DryRun" -> executed(204, new byte[0]);
      default -> refusal(400, "InvalidParameterValueException", "unknown invocation type " + type);
    };
  }

  private static HttpResponse respond(HttpRequest request, Outcome outcome) {
    var response =
        switch (outcome) {
          case Outcome.Answered(var payload, _) -> executed(200, payload);
          case Outcome.Failed(var payload, _) ->
              executed(200, payload).with("x-amz-function-error", "Unhandled");
          case Outcome.Throttled() -> refusal(429, "TooManyRequestsException", "Rate Exceeded.");
        };
    return request.header("x-amz-log-type").equals(Optional.of("Tail"))
        ? response.with("x-amz-log-result", tail(outcome.log()))
        : response;
  }

  private static HttpResponse executed(int status, byte[] payload) {
    return new HttpResponse(
        status,
        Map.of(
            "content-type", List.of("application/json"),
            "x-amz-executed-version", List.of("$LATEST")),
        payload);
  }

  private static String tail(String log) {
    var bytes = log.getBytes(StandardCharsets.UTF_8);
    var from = Math.max(0, bytes.length - LOG_TAIL);
    return Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
  }

  private static HttpResponse refusal(int status) {
    return refusal(
        status, status < 500 ? INVALID_CONTENT : "ServiceException", HttpStatus.getMessage(status));
  }

  private static HttpResponse refusal(int status, String type, String message) {
    var fault = status < 500 ? "User" : "Service";
    var body = Json.object().put("Type", fault).put("Message", message).toString();
    return HttpResponse.json(status, body).with("x-amzn-errortype", type);
  }

  @Override
  public void close() {
    server.close();
  }
}
