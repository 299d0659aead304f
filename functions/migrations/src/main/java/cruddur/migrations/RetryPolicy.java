package cruddur.migrations;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a run waits for other sessions, and the server for the run.
 *
 * @param lockTimeout for which a statement waits for a lock; other sessions queue behind it
 * @param attempts of the whole run
 * @param pause after the first attempt; it doubles after each further one, up to 8 times, with 50 %
 *     jitter
 * @param forConnection for which connecting is repeated before the first statement
 * @param forOtherRun the longest wait for another run of the migrations
 * @param silence after which the server ends the session of a run that has died, with its locks
 */
record RetryPolicy(
    Duration lockTimeout,
    int attempts,
    Duration pause,
    Duration forConnection,
    Duration forOtherRun,
    Duration silence) {
  /**
   * At most a minute to connect, 90 s for locks and 5 minutes for another run: less than the
   * function's timeout. A statement waits for a lock for half of the functions' own {@code
   * lock_timeout} ({@code R__roles.sql}), so that a call that queues behind it is still served.
   */
  static final RetryPolicy DEPLOYMENT =
      new RetryPolicy(
          Duration.ofMillis(500),
          20,
          Duration.ofMillis(500),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofSeconds(10));

  /** For a person, who sees at once that the database cannot be reached. */
  static final RetryPolicy COMMAND_LINE =
      new RetryPolicy(
          DEPLOYMENT.lockTimeout,
          DEPLOYMENT.attempts,
          DEPLOYMENT.pause,
          Duration.ZERO,
          DEPLOYMENT.forOtherRun,
          DEPLOYMENT.silence);

  /** The pause after a number of attempts. */
  Duration pauseAfter(int attempt) {
    var longest = pause.multipliedBy(1L << Math.min(attempt - 1, 3)).toMillis();
    var jitter = ThreadLocalRandom.current().nextDouble() * longest / 2;
    return Duration.ofMillis(longest - (long) jitter);
  }
}
