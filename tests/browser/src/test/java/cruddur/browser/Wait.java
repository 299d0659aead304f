package cruddur.browser;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Polls a condition. The limit only ends a test that hangs. */
final class Wait {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Wait() {}

  /**
   * Waits until something is so.
   *
   * @throws AssertionError when it does not happen; its message says what
   */
  static void await(String what, BooleanSupplier condition) {
    var deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("did not happen: " + what);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }
}
