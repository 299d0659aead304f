package cruddur.local.lambda;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The execution environments of one function, one for each concurrent call. The environment that
 * was used last is used first. Safe for use by several threads.
 */
final class FunctionPool implements AutoCloseable {
  /** The most concurrent calls, for a small machine. Lambda's own first limit is 1,000. */
  private static final int MAXIMUM = 64;

  private static final Duration FIRST_RESPONSE = Duration.ofSeconds(1);

  private final Supplier<Environment> starter;
  private final Semaphore processors;
  private final Deque<Idle> idle = new ArrayDeque<>();
  private final Set<Environment> all = new HashSet<>();
  private int calls;
  private boolean closed;

  private record Idle(Environment environment, Instant since) {}

  /**
   * Makes an empty pool.
   *
   * @param processors limits the environments that start at once. In AWS each has its own
   *     processor; here, sixteen on two processors would exceed the time limit of a start
   */
  FunctionPool(Supplier<Environment> starter, Semaphore processors) {
    this.starter = starter;
    this.processors = processors;
  }

  /** Runs one invocation in an environment that no other call uses. */
  Outcome invoke(String requestId, byte[] event) {
    if (!enter()) {
      return new Outcome.Throttled();
    }
    try {
      return takeIdle()
          .or(this::start)
          .map(environment -> invoke(environment, requestId, event))
          .orElseGet(Outcome.Throttled::new);
    } finally {
      leave();
    }
  }

  private synchronized boolean enter() {
    if (closed || calls == MAXIMUM) {
      return false;
    }
    calls++;
    return true;
  }

  private synchronized void leave() {
    calls--;
  }

  private Outcome invoke(Environment environment, String requestId, byte[] event) {
    try {
      return environment.invoke(requestId, event);
    } finally {
      giveBack(environment);
    }
  }

  private synchronized Optional<Environment> takeIdle() {
    while (!idle.isEmpty()) {
      var environment = idle.pop().environment();
      if (environment.isUsable()) {
        return Optional.of(environment);
      }
      end(environment);
    }
    return Optional.empty();
  }

  /**
   * Starts an environment. It keeps its processor during its first invocation too, up to a second,
   * since that takes as much as the start.
   */
  private Optional<Environment> start() {
    processors.acquireUninterruptibly();
    Optional<Environment> environment = Optional.empty();
    try {
      environment = launch();
      environment.ifPresent(Environment::awaitStart);
      return environment;
    } finally {
      var started = environment;
      Thread.startVirtualThread(
          () -> {
            started.ifPresent(its -> its.awaitFirstResponse(FIRST_RESPONSE));
            processors.release();
          });
    }
  }

  private synchronized Optional<Environment> launch() {
    if (closed) {
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

  /** The ids of the processes of all environments that have not ended. */
  synchronized Set<Long> processes() {
    return all.stream().map(Environment::processId).collect(toUnmodifiableSet());
  }

  /** Ends the environments that have been idle for longer than a limit. */
  synchronized void endIdle(Duration limit) {
    var before = Instant.now().minus(limit);
    while (!idle.isEmpty() && idle.getLast().since().isBefore(before)) {
      end(idle.removeLast().environment());
    }
  }

  /** Ends all environments, busy ones too. */
  @Override
  public synchronized void close() {
    closed = true;
    idle.clear();
    List.copyOf(all).forEach(this::end);
  }
}
