package cruddur.database;

import java.time.Duration;

/**
 * Until when a call must be served, by the clock that nobody sets.
 *
 * @param nanos of {@link System#nanoTime()}
 */
record Deadline(long nanos) {
  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** Time until then; zero or less once it has passed. */
  Duration left() {
    return Duration.ofNanos(nanos - System.nanoTime());
  }

  /** True if there is more time than that. */
  boolean allows(Duration pause) {
    return left().compareTo(pause) > 0;
  }

  /** What is left, as a driver's timeout, of which zero would mean none at all. */
  Duration timeout() {
    var left = left();
    return left.compareTo(SHORTEST_TIMEOUT) > 0 ? left : SHORTEST_TIMEOUT;
  }
}
