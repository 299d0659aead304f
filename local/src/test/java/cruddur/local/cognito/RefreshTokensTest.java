package cruddur.local.cognito;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefreshTokensTest {
  private Instant now = Instant.EPOCH;
  private final RefreshTokens tokens = new RefreshTokens(() -> now);

  @Test
  void retiredTokensWorkForTheGracePeriodFromTheirFirstUse() {
    var token = tokens.issue("session");
    now = now.plus(Duration.ofDays(1));
    assertEquals(Optional.of("session"), tokens.use(token));
    now = now.plus(RefreshTokens.GRACE.minusSeconds(1));
    assertEquals(Optional.of("session"), tokens.use(token));
    now = now.plusSeconds(2);
    assertEquals(Optional.empty(), tokens.use(token));
  }

  @Test
  void unknownTokensAreNotValid() {
    assertEquals(Optional.empty(), tokens.use("guessed"));
    tokens.revoke("guessed");
  }
}
