package cruddur.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/**
 * A moment on two clocks. The monotonic clock stands still while Lambda freezes an execution
 * environment, between calls. The wall clock may be set back. So the longer of the two differences
 * is the right one.
 *
 * @param nanos of {@link System#nanoTime()}
 */
record Moment(long nanos, Instant instant) {
  static Moment now(Clock clock) {
    return new Moment(System.nanoTime(), clock.instant());
  }

  /** How long ago an earlier moment was. */
  Duration since(Moment earlier) {
    var monotonic = Duration.ofNanos(nanos - earlier.nanos);
    var wall = Duration.between(earlier.instant, instant);
    return Collections.max(List.of(monotonic, wall));
  }
}
