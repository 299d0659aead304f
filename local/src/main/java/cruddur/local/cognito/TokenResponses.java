package cruddur.local.cognito;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import cruddur.local.cognito.CognitoTokens.Session;
import cruddur.local.template.Json;
import java.text.ParseException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import okhttp3.HttpUrl;

/**
 * Puts Cognito's tokens into the responses of the token endpoint. Keeps each session until the
 * process ends, since refreshed tokens belong to the session of the first. Safe for use by several
 * threads.
 */
final class TokenResponses {
  private static final String EVERYTHING = "openid email profile";

  private final CognitoTokens tokens;
  private final SignIns signIns;
  private final RefreshTokens refreshTokens;
  private final Map<String, String> scopesByCode = new ConcurrentHashMap<>();
  private final Map<String, Session> sessionsByRefreshToken = new ConcurrentHashMap<>();

  TokenResponses(CognitoTokens tokens, SignIns signIns, RefreshTokens refreshTokens) {
    this.tokens = tokens;
    this.signIns = signIns;
    this.refreshTokens = refreshTokens;
  }

  /** Keeps the scope of an authorization request, since the exchange of its code has none. */
  void rememberScope(OAuth2HttpRequest request, OAuth2HttpResponse response) {
    var location = response.getHeaders().get("Location");
    var code =
        Optional.ofNullable(location)
            .map(HttpUrl::parse)
            .map(target -> target.queryParameter("code"));
    code.ifPresent(
        value ->
            scopesByCode.put(
                value,
                Optional.ofNullable(request.getUrl().queryParameter("scope")).orElse(EVERYTHING)));
  }

  /** Rewrites the response to a successful request. */
  OAuth2HttpResponse rewrite(
      String issuer, OAuth2HttpRequest request, OAuth2HttpResponse response) {
    var body = (ObjectNode) Json.parse(OAuthMessages.text(response));
    body.put("expires_in", CognitoTokens.TIME_TO_LIVE.toSeconds());
    if (body.has("id_token")) {
      putUserTokens(body, issuer, request);
    } else {
      putMachineToken(body, issuer, request);
    }
    return new OAuth2HttpResponse(response.getHeaders(), 200, body.toString(), null);
  }

  private void putUserTokens(ObjectNode body, String issuer, OAuth2HttpRequest request) {
    var claims = claims(body.path("id_token"));
    var client = claims.getAudience().getFirst();
    var user = signIns.user(claims.getSubject());
    var refreshToken = body.path("refresh_token").asText();
    var session = session(request, refreshToken);
    if (!refreshToken.isEmpty()) {
      body.put("refresh_token", refreshTokens.issue(refreshToken));
    }
    var nonce = Optional.ofNullable((String) claims.getClaim("nonce"));
    var access = tokens.access(issuer, client, user, session);
    body.put("access_token", access);
    body.put("id_token", tokens.identity(issuer, client, user, session, nonce, access));
  }

  private void putMachineToken(ObjectNode body, String issuer, OAuth2HttpRequest request) {
    var client = claims(body.path("access_token")).getSubject();
    var session = Session.of(OAuthMessages.parameter(request, "scope"));
    body.put("access_token", tokens.machine(issuer, client, session));
  }

  /** The session of a refresh token. A password grant has none, so each is a new session. */
  private Session session(OAuth2HttpRequest request, String refreshToken) {
    return refreshToken.isEmpty()
        ? Session.of(scope(request))
        : sessionsByRefreshToken.computeIfAbsent(refreshToken, _ -> Session.of(scope(request)));
  }

  private String scope(OAuth2HttpRequest request) {
    var asked = OAuthMessages.parameter(request, "scope");
    return Objects.requireNonNullElse(
        scopesByCode.remove(OAuthMessages.parameter(request, "code")),
        asked.isEmpty() ? EVERYTHING : asked);
  }

  private static JWTClaimsSet claims(JsonNode token) {
    try {
      return SignedJWT.parse(token.asText()).getJWTClaimsSet();
    } catch (ParseException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
