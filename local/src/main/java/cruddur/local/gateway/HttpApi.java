package cruddur.local.gateway;

import static java.util.stream.Collectors.toUnmodifiableMap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import cruddur.local.lambda.Functions;
import cruddur.local.lambda.HttpRequest;
import cruddur.local.lambda.HttpResponse;
import cruddur.local.lambda.LocalServer;
import cruddur.local.lambda.Outcome;
import cruddur.local.template.HttpApiDefinition;
import cruddur.local.template.Json;
import cruddur.local.template.LocalAccount;
import cruddur.local.template.Route.Authorization;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The template's HTTP API. The home page and the identity service are below the same origin. */
public final class HttpApi implements AutoCloseable {
  /**
   * The longest that an HTTP API waits for a function ("Maximum integration timeout" in its
   * quotas), seconds.
   */
  private static final int INTEGRATION_TIMEOUT_SECONDS = 30;

  /** "Total combined size of request line and header values" in the quotas of HTTP APIs, bytes. */
  private static final int HEAD_LIMIT = 10_240;

  private final Routes routes;
  private final Map<String, JwtAuthorizer> authorizers;
  private final CorsPolicy cors;
  private final StaticFiles files;
  private final Function<HttpRequest, Optional<HttpResponse>> identity;
  private final Functions functions;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final LocalServer server;

  /**
   * Starts serving.
   *
   * @param issuer issuer of the tokens that the authorizers accept
   * @param origins the page's origins, allowed besides those of the template
   * @param files served for paths without a route
   * @param identity the identity service; empty for any other path
   * @param port TCP port, or 0 for a free one
   */
  public HttpApi(
      HttpApiDefinition definition,
      Functions functions,
      String issuer,
      Set<String> origins,
      StaticFiles files,
      Function<HttpRequest, Optional<HttpResponse>> identity,
      int port) {
    this.routes = new Routes(definition.routes());
    this.authorizers =
        definition.audiences().entrySet().stream()
            .collect(
                toUnmodifiableMap(
                    Map.Entry::getKey, entry -> new JwtAuthorizer(issuer, entry.getValue())));
    this.cors = new CorsPolicy(definition.cors(), origins);
    this.files = files;
    this.identity = identity;
    this.functions = functions;
    this.server = new LocalServer(port, HttpResponse::refusal, this::respond);
  }

  /** TCP port on 127.0.0.1. */
  int port() {
    return server.port();
  }

  private HttpResponse respond(HttpRequest request) {
    if (request.headSize() > HEAD_LIMIT) {
      return HttpResponse.refusal(431);
    }
    if (request.body().length > LocalServer.BODY_LIMIT) {
      return HttpResponse.message(413, "Request Entity Too Large");
    }
    return identity.apply(request).orElseGet(() -> serve(request));
  }

  private HttpResponse serve(HttpRequest request) {
    if (request.method().equals("OPTIONS")) {
      return cors.preflight(request);
    }
    var match = routes.find(request.method(), request.path());
    var file = match.isEmpty() ? files.find(request) : Optional.<HttpResponse>empty();
    return file.orElseGet(() -> serveRoute(request, match));
  }

  private HttpResponse serveRoute(HttpRequest request, Optional<Routes.Match> match) {
    var id = PayloadFormat.requestId();
    var response =
        match
            .map(found -> authorizeAndCall(request, id, found))
            .orElseGet(() -> HttpResponse.message(404, "Not Found"));
    return cors.apply(request, response.with("apigw-requestid", id));
  }

  private HttpResponse authorizeAndCall(HttpRequest request, String id, Routes.Match match) {
    return switch (match.route().authorization()) {
      case Authorization.Open() -> call(request, id, match, Optional.empty());
      case Authorization.Iam() -> call(request, id, match, Optional.of(localCaller()));
      case Authorization.Jwt(var name) ->
          switch (authorizer(name).decide(request.header("authorization"))) {
            case JwtAuthorizer.Decision.Allowed(var context) ->
                call(request, id, match, Optional.of(context));
            case JwtAuthorizer.Decision.Refused(var response) -> response;
          };
    };
  }

  private JwtAuthorizer authorizer(String name) {
    return Objects.requireNonNull(authorizers.get(name));
  }

  /**
   * The authorizer's part of the event of an AWS_IAM route. Signatures are not checked: every
   * client on this machine is the caller {@code local}.
   */
  private static ObjectNode localCaller() {
    var context = Json.object();
    context
        .putObject("iam")
        .put("accessKey", "local")
        .put("accountId", LocalAccount.ACCOUNT)
        .put("callerId", "local")
        .putNull("cognitoIdentity")
        .putNull("principalOrgId")
        .put("userArn", "arn:aws:iam::" + LocalAccount.ACCOUNT + ":user/local")
        .put("userId", "local");
    return context;
  }

  private HttpResponse call(
      HttpRequest request, String id, Routes.Match match, Optional<ObjectNode> authorizer) {
    var event = PayloadFormat.event(request, id, match, authorizer);
    var name = match.route().function();
    var outcome = CompletableFuture.supplyAsync(() -> functions.invoke(name, event), calls);
    try {
      return switch (outcome.get(INTEGRATION_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        case Outcome.Answered(var payload, _) -> PayloadFormat.response(payload);
        case Outcome.Failed _ -> HttpResponse.message(500, "Internal Server Error");
        case Outcome.Throttled _ -> HttpResponse.message(503, "Service Unavailable");
      };
    } catch (TimeoutException _) {
      return HttpResponse.message(503, "Service Unavailable");
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return HttpResponse.message(503, "Service Unavailable");
    }
  }

  @Override
  public void close() {
    server.close();
    calls.shutdownNow();
  }
}
