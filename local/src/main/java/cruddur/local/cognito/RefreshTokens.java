package cruddur.local.cognito;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The refresh tokens of the page, which rotate: each use retires a token and gives the next one. A
 * retired token works for a while, for a repeated request or a second tab. See "Refresh tokens" in
 * the Cognito developer guide. Safe for use by several threads.
 */
final class RefreshTokens {
  /** {@code RetryGracePeriodSeconds} in the template. */
  static final Duration GRACE = Duration.ofSeconds(60);

  private final InstantSource clock;
  private final Map<String, Issued> issued = new HashMap<>();

  RefreshTokens(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * An issued token.
   *
   * @param protocolToken the identity service's own refresh token, one for each session
   * @param retired when it was first used
   */
  private record Issued(String protocolToken, Optional<Instant> retired) {}

  /** Issues a token of the session that has this token of the protocol. */
  synchronized String issue(String protocolToken) {
    var token = UUID.randomUUID().toString();
    issued.put(token, new Issued(protocolToken, Optional.empty()));
    return token;
  }

  /**
   * Retires a token and returns the protocol's token of its session; empty if the token is invalid.
   */
  synchronized Optional<String> use(String token) {
    var now = clock.instant();
    var valid =
        Optional.ofNullable(issued.get(token))
            .filter(
                each -> each.retired().map(at -> at.plus(GRACE)).filter(now::isAfter).isEmpty());
    valid
        .filter(each -> each.retired().isEmpty())
        .ifPresent(each -> issued.put(token, new Issued(each.protocolToken(), Optional.of(now))));
    return valid.map(Issued::protocolToken);
  }

  /** Revokes a token and all others of its session. */
  synchronized void revoke(String token) {
    Optional.ofNullable(issued.get(token))
        .map(Issued::protocolToken)
        .ifPresent(found -> issued.values().removeIf(each -> each.protocolToken().equals(found)));
  }
}
