package cruddur.local;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import cruddur.local.CognitoTokens.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequestHandler;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import no.nav.security.mock.oauth2.http.Route;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/**
 * What stands in for the Cognito user pool: an OpenID Connect provider with discovery, the code
 * flow with PKCE, refresh, password and client-credentials grants. The protocol is that of {@code
 * mock-oauth2-server}; the login page, the sign-up and the tokens' claims are made here, so that
 * they are Cognito's.
 */
final class Identity implements AutoCloseable {
  /** The path of the issuer, and the name of its keys. */
  static final String POOL = "cruddur";

  private static final String EVERYTHING = "openid email profile";
  private static final int REQUEST_LIMIT = 1024 * 1024;

  private final SignIns signIns;
  private final Route protocol;
  private final CognitoTokens tokens;
  private final Map<String, String> scopesByCode = new ConcurrentHashMap<>();
  private final Map<String, Session> sessionsByRefreshToken = new ConcurrentHashMap<>();
  private final LocalServer server;

  /** Starts serving on a port; 0 is a free one. */
  Identity(SignIns signIns, int port) {
    var configuration = new OAuth2Config(true);
    this.signIns = signIns;
    this.protocol = new OAuth2HttpRequestHandler(configuration).getAuthorizationServer();
    this.tokens = new CognitoTokens(configuration.getTokenProvider());
    this.server = LocalServer.start(port, this::handle);
  }

  /** The {@code iss} of its tokens; discovery and JWKS are found below it. */
  String issuer() {
    return issuer(server.port());
  }

  private static String issuer(int port) {
    return "http://127.0.0.1:%d/%s".formatted(port, POOL);
  }

  private void handle(HttpExchange exchange) throws IOException {
    var body = LocalServer.body(exchange, REQUEST_LIMIT);
    var response =
        body.isEmpty()
            ? error("invalid_request", "the request is too large")
            : respond(request(exchange, body.get()));
    for (var header : response.getHeaders()) {
      exchange.getResponseHeaders().add(header.getFirst(), header.getSecond());
    }
    LocalServer.send(
        exchange, response.getStatus(), text(response).getBytes(StandardCharsets.UTF_8));
  }

  /** The issuer is the same by whatever name the machine was called. */
  private static OAuth2HttpRequest request(HttpExchange exchange, byte[] body) {
    var headers = new Headers.Builder();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> values.forEach(value -> headers.addUnsafeNonAscii(name, value)));
    var port = exchange.getLocalAddress().getPort();
    headers.set("Host", "127.0.0.1:" + port);
    return new OAuth2HttpRequest(
        headers.build(),
        exchange.getRequestMethod(),
        HttpUrl.get("http://127.0.0.1:" + port + exchange.getRequestURI()),
        new String(body, StandardCharsets.UTF_8));
  }

  private OAuth2HttpResponse respond(OAuth2HttpRequest request) {
    var path = request.getUrl().encodedPath();
    if (path.endsWith("/authorize")) {
      return authorize(request);
    }
    if (path.endsWith("/token") && request.getMethod().equals("POST")) {
      return token(request);
    }
    return protocol.invoke(request);
  }

  private OAuth2HttpResponse authorize(OAuth2HttpRequest request) {
    if (!request.getMethod().equals("POST")) {
      var response = protocol.invoke(request);
      return response.getStatus() == 200 ? page(200, "") : response;
    }
    var client = Optional.ofNullable(request.getUrl().queryParameter("client_id")).orElse("");
    return switch (signIns.signIn(parameter(request, "username"), client)) {
      case SignIns.Result.Refused(var reason) -> page(400, reason);
      case SignIns.Result.Welcome _ -> {
        var response = protocol.invoke(request);
        rememberScope(request, response);
        yield response;
      }
    };
  }

  private void rememberScope(OAuth2HttpRequest request, OAuth2HttpResponse response) {
    var location = response.getHeaders().get("Location");
    var target = location == null ? null : HttpUrl.parse(location);
    var code = target == null ? null : target.queryParameter("code");
    if (code != null) {
      scopesByCode.put(
          code, Optional.ofNullable(request.getUrl().queryParameter("scope")).orElse(EVERYTHING));
    }
  }

  private OAuth2HttpResponse token(OAuth2HttpRequest request) {
    var grant = parameter(request, "grant_type");
    return switch (grant) {
      case "password" ->
          switch (signIns.signIn(parameter(request, "username"), parameter(request, "client_id"))) {
            case SignIns.Result.Refused(var reason) -> error("invalid_grant", reason);
            case SignIns.Result.Welcome _ -> cognitoTokens(request);
          };
      case "authorization_code", "refresh_token", "client_credentials" -> cognitoTokens(request);
      default -> error("unsupported_grant_type", grant);
    };
  }

  /** The protocol's answer, with tokens of our own making in place of its. */
  private OAuth2HttpResponse cognitoTokens(OAuth2HttpRequest request) {
    var response = protocol.invoke(request);
    if (response.getStatus() != 200) {
      return response;
    }
    var answer = Json.object();
    var given = Json.parse(text(response).getBytes(StandardCharsets.UTF_8));
    given.properties().forEach(member -> answer.set(member.getKey(), member.getValue()));
    answer.put("expires_in", CognitoTokens.LIFE.toSeconds());
    var issuer = issuer(request.getUrl().port());
    if (given.has("id_token")) {
      var claims = claims(given.path("id_token").asText());
      var client = claims.getAudience().getFirst();
      var user = User.named(claims.getSubject()).orElseThrow();
      var session = session(request, given.path("refresh_token").asText());
      var access = tokens.access(issuer, client, user, session);
      var nonce = Optional.ofNullable((String) claims.getClaim("nonce"));
      answer.put("access_token", access);
      answer.put("id_token", tokens.identity(issuer, client, user, session, nonce, access));
    } else {
      var client = claims(given.path("access_token").asText()).getSubject();
      answer.put(
          "access_token", tokens.machine(issuer, client, Session.of(parameter(request, "scope"))));
    }
    return new OAuth2HttpResponse(response.getHeaders(), 200, answer.toString(), null);
  }

  private Session session(OAuth2HttpRequest request, String refreshToken) {
    return sessionsByRefreshToken.computeIfAbsent(
        refreshToken,
        _ -> {
          var asked = parameter(request, "scope");
          return Session.of(
              Objects.requireNonNullElse(
                  scopesByCode.remove(parameter(request, "code")),
                  asked.isEmpty() ? EVERYTHING : asked));
        });
  }

  private static JWTClaimsSet claims(String token) {
    try {
      return SignedJWT.parse(token).getJWTClaimsSet();
    } catch (ParseException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String parameter(OAuth2HttpRequest request, String name) {
    return Optional.ofNullable(request.getFormParameters().get(name)).orElse("");
  }

  private static String text(OAuth2HttpResponse response) {
    return Optional.ofNullable(response.getBody()).orElse("");
  }

  private static OAuth2HttpResponse page(int status, String problem) {
    var headers =
        Headers.of(
            "Content-Type", "text/html; charset=utf-8",
            "Cache-Control", "no-store",
            "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    return new OAuth2HttpResponse(headers, status, LoginPage.html(problem), null);
  }

  private static OAuth2HttpResponse error(String error, String description) {
    var body = Json.object().put("error", error).put("error_description", description);
    return new OAuth2HttpResponse(
        Headers.of("Content-Type", "application/json"), 400, body.toString(), null);
  }

  @Override
  public void close() {
    server.close();
  }
}
