package cruddur.testbed;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Polls a condition. The limit only ends a test that hangs. */
public final class Wait {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private Wait() {}

  /**
   * Waits until a condition is true.
   *
   * @param what the condition in words
   * @throws AssertionError if it stays false or throws a checked exception; the message has the
   *     words
   */
  public static void until(String what, Callable<Boolean> condition) {
    var deadline = System.nanoTime() + LIMIT.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("did not happen: " + what);
        }
        Thread.sleep(20);
      }
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new AssertionError(what + ": " + failure, failure);
    }
  }
}
