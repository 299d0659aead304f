package cruddur.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The functions of the template, ready to be invoked. Safe for use by several threads. */
final class Functions implements AutoCloseable {
  private static final Duration IDLE_LIMIT = Duration.ofMinutes(5);

  private final Map<String, FunctionPool> pools = new LinkedHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /**
   * Unpacks the functions' code; no process starts before its function's first call.
   *
   * @param data the folder for code and logs
   */
  Functions(List<FunctionDefinition> definitions, Path data, Launcher.Surroundings surroundings) {
    for (var definition : definitions) {
      var taskRoot = TaskRoot.of(definition, data.resolve("tasks").resolve(definition.name()));
      var launcher = new Launcher(definition, taskRoot, surroundings);
      pools.put(
          definition.name(),
          new FunctionPool(() -> new Environment(definition, launcher, data.resolve("logs"))));
    }
    var _ =
        clock.scheduleWithFixedDelay(
            () -> pools.values().forEach(pool -> pool.endIdle(IDLE_LIMIT)), 1, 1, TimeUnit.MINUTES);
  }

  /** Whether the template has a function of this logical name. */
  boolean contains(String name) {
    return pools.containsKey(name);
  }

  /**
   * Runs a function and tells its log on standard error.
   *
   * @throws IllegalArgumentException when the template has no such function
   */
  Outcome invoke(String name, String requestId, byte[] event) {
    var pool =
        Optional.ofNullable(pools.get(name))
            .orElseThrow(() -> new IllegalArgumentException("no such function: " + name));
    var outcome = pool.invoke(requestId, event);
    tell(name, outcome.log());
    return outcome;
  }

  private static void tell(String name, String log) {
    System.err.print(log.lines().map(line -> name + "  " + line + "\n").reduce("", String::concat));
  }

  @Override
  public void close() {
    clock.shutdownNow();
    pools.values().forEach(FunctionPool::close);
  }
}
