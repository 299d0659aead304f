package cruddur.migrations;

import cruddur.database.Backoff;
import java.time.Duration;

/**
 * The limits of a run: attempts, pauses and timeouts.
 *
 * @param lockTimeout the longest wait of a statement for a lock; other sessions queue behind it
 * @param attempts of the whole run
 * @param forAttempts the time after which no further attempt begins
 * @param pause after the first attempt, see {@link Backoff}
 * @param forConnection the time in which connecting is repeated, before the first statement
 * @param forOtherRun the longest wait for another run of the migrations
 * @param silence the time after which the server ends the session of a crashed run, with its locks
 */
record RetryPolicy(
    Duration lockTimeout,
    int attempts,
    Duration forAttempts,
    Duration pause,
    Duration forConnection,
    Duration forOtherRun,
    Duration silence) {
  /**
   * At most a minute to connect, 5 minutes for another run, and 2 minutes until the last attempt
   * begins, which may wait for another minute: an index build does. The sum is less than the
   * function's timeout. Any other statement waits for a lock for half of the functions' own {@code
   * lock_timeout} ({@code R__roles.sql}), so that a call that queues behind it is still served.
   */
  static final RetryPolicy DEPLOYMENT =
      new RetryPolicy(
          Duration.ofMillis(500),
          20,
          Duration.ofMinutes(2),
          Duration.ofMillis(500),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofSeconds(10));

  /** For the command line, which reports at once that the database cannot be reached. */
  static final RetryPolicy COMMAND_LINE =
      new RetryPolicy(
          DEPLOYMENT.lockTimeout,
          DEPLOYMENT.attempts,
          DEPLOYMENT.forAttempts,
          DEPLOYMENT.pause,
          Duration.ZERO,
          DEPLOYMENT.forOtherRun,
          DEPLOYMENT.silence);

  /** The pause after a number of attempts. */
  Duration pauseAfter(int attempt) {
    return new Backoff(pause).pauseAfter(attempt);
  }
}
