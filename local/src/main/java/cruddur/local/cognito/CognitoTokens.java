package cruddur.local.cognito;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.claims.AccessTokenHash;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.jspecify.annotations.Nullable;

/**
 * Signs tokens with exactly the claims of Cognito's tokens ("Understanding user pool JSON web
 * tokens" in the Cognito developer guide).
 */
final class CognitoTokens {
  /** How long a token is valid. */
  static final Duration TIME_TO_LIVE = Duration.ofHours(1);

  private final OAuth2TokenProvider signer;

  /** Signs with the keys that the identity provider publishes. */
  CognitoTokens(OAuth2TokenProvider signer) {
    this.signer = signer;
  }

  /**
   * The session of a signed-in user, which all refreshed tokens belong to.
   *
   * @param scope separated by spaces
   */
  record Session(Instant begin, String id, String scope) {
    /** A session that begins now. */
    static Session of(String scope) {
      return new Session(Instant.now(), UUID.randomUUID().toString(), scope);
    }
  }

  /** An access token of a user. */
  String access(String issuer, String client, User user, Session session) {
    var claims = common(issuer, "access", session);
    claims.put("sub", user.sub());
    claims.put("username", user.sub());
    claims.put("client_id", client);
    claims.put("scope", session.scope());
    claims.put("version", 2);
    claims.put("origin_jti", session.id());
    return sign(claims);
  }

  /** An access token of a client without a user. */
  String machine(String issuer, String client, Session session) {
    var claims = common(issuer, "access", session);
    claims.put("sub", client);
    claims.put("client_id", client);
    claims.put("scope", session.scope());
    claims.put("version", 2);
    return sign(claims);
  }

  /**
   * An ID token.
   *
   * @param accessToken the access token of the same response
   */
  String identity(
      String issuer,
      String client,
      User user,
      Session session,
      Optional<String> nonce,
      String accessToken) {
    var claims = common(issuer, "id", session);
    claims.put("sub", user.sub());
    claims.put("aud", client);
    claims.put("cognito:username", user.sub());
    claims.put("email", user.email());
    claims.put("email_verified", true);
    claims.put("preferred_username", user.preferredUsername());
    user.displayName().ifPresent(name -> claims.put("name", name));
    claims.put("origin_jti", session.id());
    claims.put(
        "at_hash",
        AccessTokenHash.compute(new BearerAccessToken(accessToken), JWSAlgorithm.RS256, null)
            .getValue());
    nonce.ifPresent(value -> claims.put("nonce", value));
    return sign(claims);
  }

  private static Map<String, @Nullable Object> common(String issuer, String use, Session session) {
    var claims = new HashMap<String, @Nullable Object>();
    claims.put("iss", issuer);
    claims.put("token_use", use);
    claims.put("auth_time", session.begin().getEpochSecond());
    claims.put("event_id", UUID.randomUUID().toString());
    claims.put("jti", UUID.randomUUID().toString());
    return claims;
  }

  /** Adds iat and exp. The null removes the signer's nbf, which Cognito's tokens do not have. */
  private String sign(Map<String, @Nullable Object> claims) {
    claims.put("nbf", null);
    return signer.jwt(claims, TIME_TO_LIVE, Identity.POOL).serialize();
  }
}
