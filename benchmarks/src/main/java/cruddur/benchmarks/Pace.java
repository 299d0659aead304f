package cruddur.benchmarks;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Begins calls at a fixed rate; one that lasted too long delays the next, and no further one. */
final class Pace {
  private final long nanos;
  private long next = System.nanoTime();

  Pace(Duration pace) {
    nanos = pace.toNanos();
  }

  /** Waits for the next beginning. */
  void await() {
    for (var left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    next = Math.max(next + nanos, System.nanoTime());
  }
}
