package cruddur.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import cruddur.local.Route.Authorization;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The template's HTTP API, the page's files where no route leads, and the identity service below
 * the same origin.
 */
final class HttpApi implements AutoCloseable {
  /** How long an HTTP API waits for a function, seconds. */
  private static final int INTEGRATION_TIMEOUT_SECONDS = 30;

  /** "Total combined size of request line and header values" in the quotas of HTTP APIs, bytes. */
  private static final int HEAD_LIMIT = 10_240;

  /** "Payload size" there, bytes. */
  private static final int BODY_LIMIT = 10 * 1024 * 1024;

  private final Routes routes;
  private final Map<String, JwtAuthorizer> authorizers;
  private final CorsPolicy cors;
  private final StaticFiles files;
  private final Identity identity;
  private final Functions functions;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final LocalServer server;

  /**
   * Starts serving.
   *
   * @param authorizers by name
   * @param port TCP port, or 0 for a free one
   */
  HttpApi(
      Routes routes,
      Map<String, JwtAuthorizer> authorizers,
      CorsPolicy cors,
      StaticFiles files,
      Identity identity,
      Functions functions,
      int port) {
    this.routes = routes;
    this.authorizers = authorizers;
    this.cors = cors;
    this.files = files;
    this.identity = identity;
    this.functions = functions;
    this.server = LocalServer.start(port, GatewayAnswer::refusal, this::answer);
  }

  /** TCP port on 127.0.0.1. */
  int port() {
    return server.port();
  }

  private GatewayAnswer answer(GatewayRequest request) {
    if (request.headSize() > HEAD_LIMIT) {
      return GatewayAnswer.refusal(431);
    }
    if (request.body().length > BODY_LIMIT) {
      return GatewayAnswer.message(413, "Request Entity Too Large");
    }
    if (Identity.serves(request.path())) {
      return identity.answer(request);
    }
    if (cors.isPreflight(request)) {
      return cors.preflight(request);
    }
    var match = routes.find(request.method(), request.path());
    if (match.isEmpty() || match.get().route().key().equals("$default")) {
      var file = files.find(request);
      if (file.isPresent()) {
        return file.get();
      }
    }
    var answer =
        match
            .map(found -> authorizeAndCall(request, found))
            .orElseGet(() -> GatewayAnswer.message(404, "Not Found"));
    return cors.apply(request, answer.with("apigw-requestid", request.id()));
  }

  private GatewayAnswer authorizeAndCall(GatewayRequest request, Routes.Match match) {
    return switch (match.route().authorization()) {
      case Authorization.Open() -> call(request, match, Optional.empty());
      case Authorization.Iam() -> call(request, match, Optional.of(localCaller()));
      case Authorization.Jwt(var name, var scopes) ->
          switch (authorizer(name).decide(request.header("authorization"), scopes)) {
            case JwtAuthorizer.Decision.Allowed(var context) ->
                call(request, match, Optional.of(context));
            case JwtAuthorizer.Decision.Refused(var answer) -> answer;
          };
    };
  }

  private JwtAuthorizer authorizer(String name) {
    return Optional.ofNullable(authorizers.get(name))
        .orElseThrow(() -> new IllegalStateException("the template has no authorizer " + name));
  }

  /**
   * What stands in the event of an AWS_IAM route. Signatures are not checked: every client of this
   * machine's loopback address is the user {@code local}.
   */
  private static ObjectNode localCaller() {
    var context = Json.object();
    context
        .putObject("iam")
        .put("accessKey", "local")
        .put("accountId", Machine.ACCOUNT)
        .put("callerId", "local")
        .putNull("cognitoIdentity")
        .putNull("principalOrgId")
        .put("userArn", "arn:aws:iam::" + Machine.ACCOUNT + ":user/local")
        .put("userId", "local");
    return context;
  }

  private GatewayAnswer call(
      GatewayRequest request, Routes.Match match, Optional<ObjectNode> authorizer) {
    var event = GatewayEvent.of(request, match, authorizer);
    var name = match.route().function();
    var outcome =
        CompletableFuture.supplyAsync(
            () -> functions.invoke(name, Identifiers.request(), event), calls);
    try {
      return switch (outcome.get(INTEGRATION_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        case Outcome.Answered(var payload, _) -> GatewayAnswer.of(payload);
        case Outcome.Failed _ -> GatewayAnswer.message(500, "Internal Server Error");
        case Outcome.Throttled _ -> GatewayAnswer.message(503, "Service Unavailable");
      };
    } catch (TimeoutException late) {
      return GatewayAnswer.message(503, "Service Unavailable");
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      return GatewayAnswer.message(503, "Service Unavailable");
    }
  }

  @Override
  public void close() {
    server.close();
    calls.shutdownNow();
  }
}
