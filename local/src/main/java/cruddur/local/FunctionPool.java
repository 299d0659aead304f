package cruddur.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The execution environments of one function: one for each call under way, used again when idle,
 * the last one first. Safe for use by several threads.
 */
final class FunctionPool implements AutoCloseable {
  /** What a small machine holds; Lambda's own first limit is 1,000. */
  private static final int MAXIMUM = 64;

  private final Supplier<Environment> starter;
  private final Deque<Idle> idle = new ArrayDeque<>();
  private final Set<Environment> all = new HashSet<>();
  private boolean closed;

  private record Idle(Environment environment, Instant since) {}

  FunctionPool(Supplier<Environment> starter) {
    this.starter = starter;
  }

  /** Runs one invocation in an environment that nobody else uses meanwhile. */
  Outcome invoke(String requestId, byte[] event) {
    return take()
        .map(environment -> invoke(environment, requestId, event))
        .orElseGet(Outcome.Throttled::new);
  }

  private Outcome invoke(Environment environment, String requestId, byte[] event) {
    try {
      return environment.invoke(requestId, event);
    } finally {
      giveBack(environment);
    }
  }

  private synchronized Optional<Environment> take() {
    while (!idle.isEmpty()) {
      var environment = idle.pop().environment();
      if (environment.isUsable()) {
        return Optional.of(environment);
      }
      end(environment);
    }
    if (closed || all.size() == MAXIMUM) {
      return Optional.empty();
    }
    var environment = starter.get();
    all.add(environment);
    return Optional.of(environment);
  }

  private synchronized void giveBack(Environment environment) {
    if (environment.isUsable() && !closed) {
      idle.push(new Idle(environment, Instant.now()));
    } else {
      end(environment);
    }
  }

  private void end(Environment environment) {
    all.remove(environment);
    environment.close();
  }

  /** Ends the environments that nobody has called for a while. */
  synchronized void endIdle(Duration limit) {
    var before = Instant.now().minus(limit);
    while (!idle.isEmpty() && idle.getLast().since().isBefore(before)) {
      end(idle.removeLast().environment());
    }
  }

  /** Ends all environments, also those at work. */
  @Override
  public synchronized void close() {
    closed = true;
    idle.clear();
    List.copyOf(all).forEach(this::end);
  }
}
