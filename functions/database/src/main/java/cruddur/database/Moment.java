package cruddur.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/**
 * A moment on two clocks. The monotonic one stands still while an execution environment is frozen,
 * as Lambda freezes it between calls; the wall clock may be set back. Each clock may miss time, so
 * the longer difference counts.
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
