package cruddur.database;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * The time by which a call must have been served, on the monotonic clock.
 *
 * @param nanos of {@link System#nanoTime()}
 */
record Deadline(long nanos) {
  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** The time that is left; zero or less once the deadline has passed. */
  Duration left() {
    return Duration.ofNanos(nanos - System.nanoTime());
  }

  /** True if there is more time than that. */
  boolean allows(Duration pause) {
    return left().minus(pause).isPositive();
  }

  /** The time that is left as a timeout of pgjdbc, to which zero would mean no timeout. */
  Duration timeout() {
    return Collections.max(List.of(left(), SHORTEST_TIMEOUT));
  }
}
