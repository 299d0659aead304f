package cruddur.faults;

import static java.util.stream.Collectors.toUnmodifiableSet;

import cruddur.local.lambda.Functions;
import cruddur.local.lambda.Outcome;
import cruddur.postgres.Proxy;
import cruddur.testbed.Wait;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The functions, their database, and the bad network between the two. The feed may have a server of
 * its own, a standby. Closing the fixture ends that one and leaves the database.
 */
final class FaultFixture implements AutoCloseable {
  /** The function that may read from a standby. */
  static final String FEED = "HomeActivitiesFunction";

  /** The functions that the clients call. */
  private static final Set<String> FUNCTIONS =
      Set.of("CreateActivityFunction", FEED, "PostConfirmationFunction");

  private static final String SWEEP = "SweepActivitiesFunction";

  /** What the project promises, from a fault's end. */
  static final Duration RECOVERY = Duration.ofSeconds(5);

  /** Few clients post often, so the limit of an author's posts is off. */
  private static final Map<String, String> NO_LIMIT =
      Map.of("POSTS_LIMIT", "1000000", "POSTS_WINDOW_SECONDS", "1");

  private static final Duration SETTLING = Duration.ofMinutes(3);

  private final Path folder;
  private final Proxy proxy;
  private final Proxy feedProxy;
  private final Functions functions;
  private final PrintStream log;
  private final int posters;
  private volatile Server server;
  private volatile @Nullable Server reader;

  private FaultFixture(
      Path folder,
      Server server,
      Proxy proxy,
      Proxy feedProxy,
      Functions functions,
      PrintStream log,
      int posters) {
    this.folder = folder;
    this.server = server;
    this.proxy = proxy;
    this.feedProxy = feedProxy;
    this.functions = functions;
    this.log = log;
    this.posters = posters;
  }

  /**
   * Sets up a fixture.
   *
   * @param targetPort where the proxies lead to: a port of 127.0.0.1
   * @param settings of pgjdbc, with a question mark before them, or empty
   * @param variables further environment variables of the functions
   * @param posters clients that post
   */
  static FaultFixture open(
      Path folder,
      Server server,
      int targetPort,
      String settings,
      Map<String, String> variables,
      int posters)
      throws IOException {
    var proxy = Proxy.to(targetPort);
    var feedProxy = Proxy.to(targetPort);
    var log = new PrintStream(folder.resolve("functions.log").toFile(), StandardCharsets.UTF_8);
    var functions =
        Functions.of(
            Calls.ROOT,
            Stream.concat(FUNCTIONS.stream(), Stream.of(SWEEP)).collect(toUnmodifiableSet()),
            folder.resolve("functions"),
            name ->
                "127.0.0.1:%d/cruddur%s"
                    .formatted((name.equals(FEED) ? feedProxy : proxy).port(), settings),
            withoutLimit(variables),
            log::print);
    return new FaultFixture(folder, server, proxy, feedProxy, functions, log, posters);
  }

  private static Map<String, String> withoutLimit(Map<String, String> variables) {
    var all = new HashMap<>(NO_LIMIT);
    all.putAll(variables);
    return all;
  }

  Server server() {
    return server;
  }

  /** The standby that the feed reads from. */
  Server reader() {
    return Objects.requireNonNull(reader, "the feed has no standby");
  }

  /** The database, and the standby of the feed where there is one. */
  List<Server> servers() {
    var own = reader;
    return own == null || own == server ? List.of(server) : List.of(server, own);
  }

  /** Does something to the network between the functions and their servers. */
  void network(Consumer<Proxy> change) {
    change.accept(proxy);
    change.accept(feedProxy);
  }

  private int opened() {
    return proxy.opened() + feedProxy.opened();
  }

  /** Starts a standby of the database, and lets the feed read from it alone. */
  void addReader() throws Exception {
    var before = reader;
    var standby = server.reader(folder("reader"));
    reader = standby;
    redirect(feedProxy, standby);
    if (before != null && before != server) {
      before.discard();
    }
  }

  /** Starts a standby of the database in the place of one that the feed has. */
  void renewReader() throws Exception {
    if (reader != null) {
      addReader();
    }
  }

  /** Waits until the standby of the feed, where there is one, has what the database has. */
  void awaitReader() throws Exception {
    var own = reader;
    if (own != null) {
      var written = server.value("select pg_current_wal_flush_lsn()");
      own.await("select pg_last_wal_replay_lsn() >= '" + written + "'");
    }
  }

  /** A new, empty folder. */
  Path folder(String prefix) throws IOException {
    return Files.createTempDirectory(folder, prefix);
  }

  /** The processes of the environments that the clients call. */
  Set<Long> processes() {
    return FUNCTIONS.stream()
        .flatMap(name -> functions.processes(name).stream())
        .collect(toUnmodifiableSet());
  }

  /** Makes another server the database. */
  void moveTo(Server other) {
    redirect(proxy, other);
    if (reader == null) {
      redirect(feedProxy, other);
    }
    server = other;
  }

  private static void redirect(Proxy proxy, Server server) {
    proxy.redirectTo(server.port());
    proxy.cut();
  }

  /** Runs a program that must succeed. */
  void run(String program, String option, String... arguments) throws Exception {
    var command = Stream.concat(Stream.of(program, option), Stream.of(arguments)).toList();
    var status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(program + " ended with status " + status);
    }
  }

  /** Sends a signal to processes, of which some may have ended. */
  void signal(String signal, Set<Long> processes) throws Exception {
    var command =
        Stream.concat(Stream.of("kill", signal), processes.stream().map(Object::toString));
    new ProcessBuilder(command.toList())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Runs a statement as the superuser, again until the database serves it. */
  void execute(String statement) throws Exception {
    execute(server, statement);
  }

  /** Runs a statement as the superuser, again until a server serves it. */
  static void execute(Server server, String statement) {
    Wait.until(statement, () -> isExecuted(server, statement));
  }

  private static boolean isExecuted(Server server, String statement) {
    try {
      server.execute(statement);
      return true;
    } catch (SQLException _) {
      return false;
    }
  }

  /** Ends the sessions of the functions' roles. */
  void endSessions() throws Exception {
    for (var each : servers()) {
      execute(
          each,
          "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'cruddur%'");
    }
  }

  /** Calls the scheduled sweep until it has nothing more to remove. */
  void sweep() throws Exception {
    var event = Files.readAllBytes(Calls.ROOT.resolve("events/sweep-activities.json"));
    Wait.until("the sweep comes to its end", () -> isSwept(event));
  }

  /**
   * Whether a call removed nothing; one that the database does not serve throws in the function.
   */
  private boolean isSwept(byte[] event) {
    var outcome = functions.invoke(SWEEP, UUID.randomUUID().toString(), event);
    return switch (outcome) {
      case Outcome.Answered(var payload, _) ->
          new String(payload, StandardCharsets.UTF_8).equals("{\"removed\": 0}");
      case Outcome.Failed(var payload, _) when isUnavailable(payload) -> false;
      case Outcome.Failed(var payload, _) ->
          throw new IllegalStateException(new String(payload, StandardCharsets.UTF_8));
      case Outcome.Throttled() -> throw new IllegalStateException("throttled");
    };
  }

  private static boolean isUnavailable(byte[] payload) {
    var failure = Calls.parse(new String(payload, StandardCharsets.UTF_8));
    return failure
            .path("errorType")
            .asText()
            .equals("cruddur.database.DatabaseUnavailableException")
        || Calls.isTimeout(failure);
  }

  /** Activities that the sweep must not leave. */
  int overdue() throws SQLException {
    return Integer.parseInt(
        server.value(
            "select count(*) from activities where expires_at < now() - interval '1 minute'"));
  }

  /** Lets clients work through a fault, and compares. */
  Result play(Fault fault, boolean keys) throws Exception {
    var ledger = new Ledger();
    try (var crowd = new Crowd(clients(ledger, keys))) {
      var settled = crowd.servedSince(System.nanoTime(), SETTLING);
      if (settled.equals(SETTLING)) {
        throw new IllegalStateException("not served before the fault: " + ledger.wrongs());
      }
      return play(fault, crowd, ledger);
    }
  }

  private Result play(Fault fault, Crowd crowd, Ledger ledger) throws Exception {
    ledger.forgetWaits();
    var before = processes();
    var opened = opened();
    fault.script().play(this, fault.length());
    var recovery = crowd.servedSince(System.nanoTime(), RECOVERY.plusSeconds(1));
    // What comes back must stay.
    Thread.sleep(300);
    crowd.close();
    return new Result(
        fault.name(),
        ledger.balance(server),
        ledger.unavailables(),
        opened() - opened,
        ledger.slowestSeconds(),
        recovery,
        processes().containsAll(before),
        wrongs(ledger));
  }

  /** In the suite, no fault is as long as a function's timeout. */
  private static List<String> wrongs(Ledger ledger) {
    return Stream.concat(ledger.wrongs().stream(), ledger.timeouts().stream()).toList();
  }

  /**
   * Lets clients post for a while.
   *
   * @param longest how long to wait until each of them has been served
   */
  Result load(String name, int count, Duration longest, Duration more) throws Exception {
    var ledger = new Ledger();
    var opened = opened();
    Duration served;
    try (var crowd = new Crowd(posters(ledger, true, count))) {
      served = crowd.servedSince(System.nanoTime(), longest);
      Thread.sleep(more);
    }
    return new Result(
        name,
        ledger.balance(server),
        ledger.unavailables(),
        opened() - opened,
        ledger.slowestSeconds(),
        served,
        true,
        wrongs(ledger));
  }

  /** Clients that post, one that reads and one that signs users up. */
  List<Client> clients(Ledger ledger, boolean keys) {
    var clients = new ArrayList<Client>();
    clients.addAll(posters(ledger, keys, posters));
    clients.add(Client.reader(calls(ledger)));
    clients.add(Client.newcomers(calls(ledger)));
    return clients;
  }

  /** A number of clients that post. */
  List<Client> posters(Ledger ledger, boolean keys, int count) {
    return Stream.generate(() -> Client.poster(calls(ledger), keys)).limit(count).toList();
  }

  Calls calls(Ledger ledger) {
    return new Calls(functions, ledger);
  }

  /**
   * Takes the reconnect out of the functions' code, before their first call: no fault is then worth
   * another attempt or a new connection.
   */
  void disableReconnect() throws IOException {
    for (var name : FUNCTIONS) {
      var file = folder.resolve("functions/tasks/" + name + "/cruddur/database/Fault.class");
      Files.write(file, NoReconnect.of(Files.readAllBytes(file)));
    }
  }

  @Override
  public void close() throws IOException {
    functions.close();
    proxy.close();
    feedProxy.close();
    log.close();
    var own = reader;
    if (own != null && own != server) {
      own.close();
    }
  }
}
