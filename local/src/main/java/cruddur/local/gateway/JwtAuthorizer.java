package cruddur.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import cruddur.local.lambda.HttpResponse;
import cruddur.local.template.Json;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The JWT authorizer of an HTTP API ("Control access to HTTP APIs with JWT authorizers" in the API
 * Gateway developer guide). It checks the RS256 signature by a key of the issuer, {@code iss},
 * {@code aud}, {@code exp}, {@code nbf} and {@code iat}. A token without {@code aud} needs a valid
 * {@code client_id}. ID tokens are accepted too.
 */
final class JwtAuthorizer {
  private static final int FETCH_LIMIT_MILLISECONDS = 5_000;

  private final List<String> audience;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  /** The result of checking a token. */
  sealed interface Decision {
    /** The token is valid; the authorizer's part of the request context. */
    record Allowed(ObjectNode context) implements Decision {}

    /** The token is not valid. */
    record Refused(HttpResponse response) implements Decision {}
  }

  /**
   * Makes an authorizer, which fetches the issuer's keys when it first needs them.
   *
   * @param issuer the {@code iss} of the tokens, with the JWKS below it
   * @param audience the accepted values of {@code aud} or {@code client_id}
   */
  JwtAuthorizer(String issuer, List<String> audience) {
    this.audience = audience;
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, source(issuer + "/jwks")));
    var verifier =
        new DefaultJWTClaimsVerifier<SecurityContext>(
            new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp"));
    verifier.setMaxClockSkew(0);
    processor.setJWTClaimsSetVerifier(verifier);
  }

  private static JWKSource<SecurityContext> source(String keys) {
    try {
      var retriever =
          new DefaultResourceRetriever(FETCH_LIMIT_MILLISECONDS, FETCH_LIMIT_MILLISECONDS);
      return JWKSourceBuilder.<SecurityContext>create(URI.create(keys).toURL(), retriever)
          .rateLimited(Duration.ofSeconds(1).toMillis())
          .build();
    } catch (MalformedURLException mistake) {
      throw new IllegalArgumentException("not the address of a JWKS: " + keys, mistake);
    }
  }

  /**
   * Decides on a request.
   *
   * @param header its Authorization header
   */
  Decision decide(Optional<String> header) {
    if (header.isEmpty()) {
      return unauthorized("Bearer");
    }
    try {
      var token = SignedJWT.parse(header.get().replaceFirst("(?i)^Bearer +", ""));
      var claims = processor.process(token, null);
      if (!hasAudience(claims)) {
        return invalid("the token does not have a valid audience");
      }
      if (claims.getIssueTime() != null
          && claims.getIssueTime().toInstant().isAfter(Instant.now())) {
        return invalid("the token was issued in the future");
      }
      return allowed(token);
    } catch (ParseException malformed) {
      return invalid("the token is malformed");
    } catch (BadJWTException refused) {
      return invalid(String.valueOf(refused.getMessage()));
    } catch (BadJOSEException | JOSEException _) {
      return invalid("the token's signature cannot be verified");
    }
  }

  private boolean hasAudience(JWTClaimsSet claims) {
    return claims.getAudience().isEmpty()
        ? audience.contains(String.valueOf(claims.getClaim("client_id")))
        : claims.getAudience().stream().anyMatch(audience::contains);
  }

  private static Decision allowed(SignedJWT token) {
    var jwt = Json.object();
    var claims = jwt.putObject("claims");
    for (var claim : Json.parse(token.getPayload().toBytes()).properties()) {
      claims.put(claim.getKey(), text(claim.getValue()));
    }
    jwt.putNull("scopes");
    var context = Json.object();
    context.set("jwt", jwt);
    return new Decision.Allowed(context);
  }

  /** A claim as the function gets it: as text, a list as {@code [a b]}. */
  private static String text(JsonNode value) {
    return value.isArray()
        ? value.valueStream().map(JwtAuthorizer::text).collect(Collectors.joining(" ", "[", "]"))
        : value.isObject() ? value.toString() : value.asText();
  }

  private static Decision invalid(String reason) {
    var plain = new String(reason.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
    return unauthorized(
        "Bearer scope=\"\" error=\"invalid_token\" error_description=\"%s\""
            .formatted(plain.replaceAll("[\"\\r\\n]", "'")));
  }

  private static Decision unauthorized(String challenge) {
    return new Decision.Refused(
        HttpResponse.message(401, "Unauthorized").with("www-authenticate", challenge));
  }
}
