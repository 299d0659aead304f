package cruddur.benchmarks;

import java.time.Duration;
import java.time.Instant;

/** Tells on standard error how far a benchmark is, and how long it will still take. */
final class Progress {
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final String name;
  private final int steps;
  private final Instant begin = Instant.now();
  private Instant told = Instant.EPOCH;
  private int done;

  /**
   * Begins.
   *
   * @param steps of about the same length
   */
  Progress(String name, int steps) {
    this.name = name;
    this.steps = steps;
  }

  /** One more step is done. */
  void step(String what) {
    done++;
    var now = Instant.now();
    if (done == steps || Duration.between(told, now).compareTo(INTERVAL) > 0) {
      told = now;
      var left = Duration.between(begin, now).multipliedBy(steps - done).dividedBy(done);
      System.err.printf(
          "%s  %d of %d  %d:%02d left  %s%n",
          name, done, steps, left.toMinutes(), left.toSecondsPart(), what);
    }
  }
}
