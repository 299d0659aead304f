package cruddur.local.lambda;

import cruddur.local.template.FunctionDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The functions of the template. Safe for use by several threads. */
public final class Functions implements AutoCloseable {
  private static final Duration IDLE_LIMIT = Duration.ofMinutes(5);

  private final List<FunctionDefinition> definitions;
  private final Map<String, FunctionPool> pools = new LinkedHashMap<>();
  private final Consumer<String> log;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /**
   * Unpacks the functions' code. A function's first call starts its first process.
   *
   * @param root the repository, whose build has copied AWS's runtime client
   * @param data the folder for code and logs
   * @param database address of a function's database by the function's logical name: {@code
   *     host:port/name}, and a question mark with pgjdbc's settings if there are any
   * @param inherited this process's environment variables; functions get the AWS settings among
   *     them
   * @param log takes the log of each call, a line or more
   */
  public Functions(
      List<FunctionDefinition> definitions,
      Path root,
      Path data,
      UnaryOperator<String> database,
      Map<String, String> inherited,
      Consumer<String> log) {
    this.definitions = definitions;
    this.log = log;
    var client =
        RuntimeClient.unpack(root.resolve("local/target/runtime"), data.resolve("runtime"));
    var processors =
        new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()), /* fair= */ true);
    for (var definition : definitions) {
      var name = definition.name();
      var taskRoot = TaskRoot.of(definition, data.resolve("tasks").resolve(name));
      var launcher = new Launcher(definition, taskRoot, client, database.apply(name), inherited);
      pools.put(
          name,
          new FunctionPool(
              () -> new Environment(definition, launcher, data.resolve("logs")), processors));
    }
    var _ =
        clock.scheduleWithFixedDelay(
            () -> pools.values().forEach(pool -> pool.endIdle(IDLE_LIMIT)), 1, 1, TimeUnit.MINUTES);
  }

  /** The functions, in the order of the template. */
  public List<FunctionDefinition> definitions() {
    return definitions;
  }

  /** The function with a name and its qualifier; empty if the template has none. */
  Optional<FunctionDefinition> find(FunctionName name) {
    return definitions.stream()
        .filter(function -> function.arn().equals(name.arn()))
        .filter(function -> name.qualifier().map(function::isQualifiedBy).orElse(true))
        .findFirst();
  }

  /**
   * Runs a function and passes on its log.
   *
   * @throws IllegalArgumentException when the template has no such function
   */
  public Outcome invoke(String name, byte[] event) {
    return invoke(name, UUID.randomUUID().toString(), event);
  }

  /**
   * Runs a function and passes on its log.
   *
   * @param requestId of the call, a UUID
   * @throws IllegalArgumentException when the template has no such function
   */
  public Outcome invoke(String name, String requestId, byte[] event) {
    var outcome = pool(name).invoke(requestId, event);
    passOn(name, outcome.log());
    return outcome;
  }

  /**
   * The ids of the processes of a function, with the idle ones.
   *
   * @throws IllegalArgumentException when the template has no such function
   */
  public Set<Long> processes(String name) {
    return pool(name).processes();
  }

  private FunctionPool pool(String name) {
    return Optional.ofNullable(pools.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no such function: " + name));
  }

  private void passOn(String name, String text) {
    log.accept(text.lines().map(line -> name + "  " + line + "\n").reduce("", String::concat));
  }

  @Override
  public void close() {
    clock.shutdownNow();
    pools.values().forEach(FunctionPool::close);
  }
}
