package cruddur.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Calls one process, one call after the other. */
interface Caller extends AutoCloseable {
  /**
   * Makes one call.
   *
   * @param number of the call, from 0; chooses the author
   * @return how long the call took
   */
  Duration call(int number) throws IOException;

  @Override
  void close() throws IOException;

  /**
   * Makes some calls. A call that lasts longer than the pace delays the next one only.
   *
   * @param pace from the start of a call to the start of the next; zero for no pause
   * @return the milliseconds of each call
   */
  default List<Double> run(int calls, Duration pace) throws IOException {
    var milliseconds = new ArrayList<Double>();
    var next = System.nanoTime();
    for (var number = 0; number < calls; number++) {
      for (var left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      next = Math.max(next + pace.toNanos(), System.nanoTime());
      milliseconds.add(call(number).toNanos() / 1e6);
    }
    return milliseconds;
  }
}
