package cruddur.benchmarks;

import java.time.Duration;
import java.time.Instant;

/** Prints a benchmark's progress and the time left, on standard error. */
final class Progress {
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final String name;
  private final int steps;
  private final Instant begin = Instant.now();
  private Instant printed = Instant.EPOCH;
  private int done;

  /**
   * Starts the clock.
   *
   * @param steps of about the same length
   */
  Progress(String name, int steps) {
    this.name = name;
    this.steps = steps;
  }

  void step(String what) {
    done++;
    var now = Instant.now();
    if (done == steps || Duration.between(printed, now).compareTo(INTERVAL) > 0) {
      printed = now;
      var left = Duration.between(begin, now).multipliedBy(steps - done).dividedBy(done);
      System.err.printf(
          "%s  %d of %d  %d:%02d left  %s%n",
          name, done, steps, left.toMinutes(), left.toSecondsPart(), what);
    }
  }
}
