package cruddur.local.cognito;

import cruddur.local.lambda.HttpRequest;
import cruddur.local.lambda.HttpResponse;
import cruddur.local.lambda.LocalServer;
import cruddur.local.template.LocalAccount;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequestHandler;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import no.nav.security.mock.oauth2.http.Route;
import okhttp3.Headers;

/**
 * Emulates the Cognito user pool, an OpenID Connect provider. It has discovery, the code flow with
 * PKCE, and the refresh, password and client-credentials grants. {@code mock-oauth2-server}
 * implements the protocol. The login pages, the sign-up, the claims and the rotation of refresh
 * tokens follow Cognito. It answers on its own port and below the page's origin, with the same
 * issuer. So a browser needs the page's port alone.
 */
public final class Identity implements AutoCloseable {
  /** The issuer's path, and the name of its keys. */
  public static final String POOL = "cruddur";

  private static final int REQUEST_LIMIT = 1024 * 1024;

  private final SignIns signIns;
  private final PageOrigins origins;
  private final Route protocol;
  private final RefreshTokens refreshTokens = new RefreshTokens(InstantSource.system());
  private final TokenResponses responses;
  private final LocalServer server;

  /**
   * Starts serving.
   *
   * @param origins the page's origins, to which redirects may lead
   * @param port TCP port, or 0 for a free one
   */
  public Identity(SignIns signIns, PageOrigins origins, int port) {
    var configuration = new OAuth2Config(true);
    this.signIns = signIns;
    this.origins = origins;
    this.protocol = new OAuth2HttpRequestHandler(configuration).getAuthorizationServer();
    var tokens = new CognitoTokens(configuration.getTokenProvider());
    this.responses = new TokenResponses(tokens, signIns, refreshTokens);
    this.server = new LocalServer(port, HttpResponse::refusal, this::respond);
  }

  /** The {@code iss} of its tokens. Discovery and JWKS are below it. */
  public String issuer() {
    return "http://127.0.0.1:%d/%s".formatted(server.port(), POOL);
  }

  /**
   * The response to a request at the page's origin; empty if the path is not below the issuer's.
   */
  public Optional<HttpResponse> find(HttpRequest request) {
    return request.path().startsWith("/" + POOL + "/")
        ? Optional.of(respond(request))
        : Optional.empty();
  }

  private HttpResponse respond(HttpRequest request) {
    return OAuthMessages.response(
        request.body().length > REQUEST_LIMIT
            ? OAuthMessages.error("invalid_request", "the request is too large")
            : handle(OAuthMessages.request(request, server.port())));
  }

  private OAuth2HttpResponse handle(OAuth2HttpRequest request) {
    var path = request.getUrl().encodedPath();
    if (path.endsWith("/authorize")) {
      return authorize(LoginPage.SIGN_IN, request);
    }
    if (path.endsWith("/signup")) {
      return authorize(LoginPage.SIGN_UP, OAuthMessages.withLastSegment(request, "authorize"));
    }
    if (path.endsWith("/logout")) {
      return signOut(request);
    }
    if (path.endsWith("/token") && request.getMethod().equals("POST")) {
      return token(request);
    }
    if (path.endsWith("/revoke") && request.getMethod().equals("POST")) {
      return revoke(request);
    }
    return protocol.invoke(request);
  }

  private OAuth2HttpResponse authorize(LoginPage login, OAuth2HttpRequest request) {
    var client = OAuthMessages.queryParameter(request, "client_id");
    if (!client.equals(LocalAccount.CLIENT)) {
      return unknownClient();
    }
    if (!origins.include(OAuthMessages.queryParameter(request, "redirect_uri"))) {
      return page(400, LoginPage.error("The redirect_uri does not lead to the page."));
    }
    var query = Optional.ofNullable(request.getUrl().encodedQuery()).orElse("");
    if (!request.getMethod().equals("POST")) {
      var response = protocol.invoke(request);
      return response.getStatus() == 200 ? page(200, login.html(query, "", Map.of())) : response;
    }
    return switch (enter(login, request, client)) {
      case SignIns.Result.Failed(var reason) ->
          page(400, login.html(query, reason, request.getFormParameters().getMap()));
      case SignIns.Result.SignedIn(var user) -> {
        var response =
            protocol.invoke(OAuthMessages.withForm(request, Map.of("username", user.name())));
        responses.rememberScope(request, response);
        yield response;
      }
    };
  }

  private SignIns.Result enter(LoginPage login, OAuth2HttpRequest request, String client) {
    return switch (login) {
      case SIGN_IN -> signIns.signIn(OAuthMessages.parameter(request, "username"), client);
      case SIGN_UP ->
          signIns.signUp(
              OAuthMessages.parameter(request, "preferred_username"),
              OAuthMessages.parameter(request, "email"),
              OAuthMessages.parameter(request, "name"),
              client);
    };
  }

  /** As Cognito's logout endpoint. There is no session to end, since this service keeps none. */
  private OAuth2HttpResponse signOut(OAuth2HttpRequest request) {
    if (!OAuthMessages.queryParameter(request, "client_id").equals(LocalAccount.CLIENT)) {
      return unknownClient();
    }
    var target = OAuthMessages.queryParameter(request, "logout_uri");
    return origins.include(target)
        ? new OAuth2HttpResponse(Headers.of("Location", target), 302, "", null)
        : page(400, LoginPage.error("The logout_uri does not lead to the page."));
  }

  private static OAuth2HttpResponse unknownClient() {
    return page(400, LoginPage.error("The client_id is not that of this user pool's client."));
  }

  private OAuth2HttpResponse token(OAuth2HttpRequest request) {
    var grant = OAuthMessages.parameter(request, "grant_type");
    return switch (grant) {
      case "password" ->
          switch (signIns.signIn(
              OAuthMessages.parameter(request, "username"),
              OAuthMessages.parameter(request, "client_id"))) {
            case SignIns.Result.Failed(var reason) -> OAuthMessages.error("invalid_grant", reason);
            case SignIns.Result.SignedIn _ -> cognitoTokens(request);
          };
      case "refresh_token" ->
          refreshTokens
              .use(OAuthMessages.parameter(request, grant))
              .map(token -> cognitoTokens(withRefreshToken(request, token)))
              .orElseGet(
                  () -> OAuthMessages.error("invalid_grant", "The refresh token is not valid."));
      case "authorization_code", "client_credentials" -> cognitoTokens(request);
      default -> OAuthMessages.error("unsupported_grant_type", grant);
    };
  }

  /** Replaces the page's refresh token, which rotates, by the protocol's token of the session. */
  private static OAuth2HttpRequest withRefreshToken(
      OAuth2HttpRequest request, String protocolToken) {
    var form = new HashMap<>(request.getFormParameters().getMap());
    form.put("refresh_token", protocolToken);
    return OAuthMessages.withForm(request, form);
  }

  /** Revokes a token ("The token revocation endpoint" in the Cognito developer guide). */
  private OAuth2HttpResponse revoke(OAuth2HttpRequest request) {
    if (!OAuthMessages.parameter(request, "client_id").equals(LocalAccount.CLIENT)) {
      return OAuthMessages.error("invalid_client", "The client_id is not the client's.");
    }
    var token = OAuthMessages.parameter(request, "token");
    if (token.isEmpty()) {
      return OAuthMessages.error("invalid_request", "The token is missing.");
    }
    refreshTokens.revoke(token);
    return OAuthMessages.done();
  }

  /** The protocol's response, with Cognito's tokens in place of its own. */
  private OAuth2HttpResponse cognitoTokens(OAuth2HttpRequest request) {
    var response = protocol.invoke(request);
    return response.getStatus() == 200 ? responses.rewrite(issuer(), request, response) : response;
  }

  private static OAuth2HttpResponse page(int status, String html) {
    var headers =
        Headers.of(
            "Content-Type", "text/html; charset=utf-8",
            "Cache-Control", "no-store",
            "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return new OAuth2HttpResponse(headers, status, html, null);
  }

  @Override
  public void close() {
    server.close();
  }
}
