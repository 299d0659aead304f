package cruddur.database;

import java.security.SecureRandom;
import java.time.Duration;

/**
 * Exponential back-off: the pause doubles after each attempt, up to 8 times the base pause, with 50
 * % jitter.
 *
 * @param base pause after the first attempt; zero for no pauses
 */
public record Backoff(Duration base) {
  /** The copies of one snapshot must not repeat in step, so each needs its own random numbers. */
  private static final SecureRandom JITTER = new SecureRandom();

  /** A pause after a number of attempts, 1 or more. */
  public Duration pauseAfter(int attempts) {
    var longest = base.multipliedBy(1L << Math.min(attempts - 1, 3)).toMillis();
    var jitter = JITTER.nextDouble() * longest / 2;
    return Duration.ofMillis(longest - (long) jitter);
  }
}
