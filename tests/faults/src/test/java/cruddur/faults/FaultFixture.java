package cruddur.faults;

import static java.util.stream.Collectors.toUnmodifiableSet;

import cruddur.local.lambda.Functions;
import cruddur.local.lambda.Outcome;
import cruddur.local.template.FunctionDefinition;
import cruddur.local.template.Json;
import cruddur.local.template.Template;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The functions, their database and the network between them. The feed may have a standby of its
 * own, which ends with the fixture. The database does not.
 */
final class FaultFixture implements AutoCloseable {
  /** The function that may read from a standby. */
  static final String FEED = "HomeActivitiesFunction";

  /** The functions that the clients call. */
  private static final Set<String> FUNCTIONS =
      Set.of("CreateActivityFunction", FEED, "PostConfirmationFunction");

  private static final String SWEEP = "SweepActivitiesFunction";

  /** The promised time from a fault's end until every client is served. */
  static final Duration RECOVERY = Duration.ofSeconds(5);

  /** Switches the limit of an author's posts off, since few clients post often. */
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
  private volatile @Nullable Server feedStandby;

  /**
   * Sets up a fixture whose functions call the server directly.
   *
   * @param posters number of clients that post
   */
  FaultFixture(Path folder, Server server, int posters) throws IOException {
    this(folder, server, server.port(), "", Map.of(), posters);
  }

  /**
   * Sets up a fixture.
   *
   * @param targetPort the port of 127.0.0.1 that the proxies lead to
   * @param settings settings of pgjdbc after a question mark, or empty
   * @param variables further environment variables of the functions
   * @param posters number of clients that post
   */
  FaultFixture(
      Path folder,
      Server server,
      int targetPort,
      String settings,
      Map<String, String> variables,
      int posters)
      throws IOException {
    this.folder = folder;
    this.server = server;
    this.posters = posters;
    proxy = Proxy.to(targetPort);
    feedProxy = Proxy.to(targetPort);
    log = new PrintStream(folder.resolve("functions.log").toFile(), StandardCharsets.UTF_8);
    functions =
        new Functions(
            definitions(variables),
            Calls.ROOT,
            folder.resolve("functions"),
            name ->
                "127.0.0.1:%d/cruddur%s"
                    .formatted((name.equals(FEED) ? feedProxy : proxy).port(), settings),
            Map.of(),
            log::print);
  }

  private static List<FunctionDefinition> definitions(Map<String, String> variables) {
    return Template.read(Calls.ROOT.resolve("template.yaml")).functions().stream()
        .filter(each -> FUNCTIONS.contains(each.name()) || each.name().equals(SWEEP))
        .map(each -> each.with(NO_LIMIT).with(variables))
        .toList();
  }

  Server server() {
    return server;
  }

  /** The standby that the feed reads from. */
  Server feedStandby() {
    return Objects.requireNonNull(feedStandby, "the feed has no standby");
  }

  /** The database, and the standby of the feed where there is one. */
  List<Server> servers() {
    var own = feedStandby;
    return own == null || own == server ? List.of(server) : List.of(server, own);
  }

  /** Changes the network between the functions and their servers. */
  void network(Consumer<Proxy> change) {
    change.accept(proxy);
    change.accept(feedProxy);
  }

  private int opened() {
    return proxy.opened() + feedProxy.opened();
  }

  /** Starts a standby of the database, from which the feed then reads. */
  void addFeedStandby() throws Exception {
    var before = feedStandby;
    var standby = server.asynchronousStandby(folder("feed"));
    feedStandby = standby;
    redirect(feedProxy, standby);
    if (before != null && before != server) {
      before.discard();
    }
  }

  /** Replaces the feed's standby, if there is one. */
  void renewFeedStandby() throws Exception {
    if (feedStandby != null) {
      addFeedStandby();
    }
  }

  /** Waits until the feed's standby, if there is one, has all commits of the database. */
  void awaitFeedStandby() throws Exception {
    var own = feedStandby;
    if (own != null) {
      var written = server.value("select pg_current_wal_flush_lsn()");
      own.await("select pg_last_wal_replay_lsn() >= '" + written + "'");
    }
  }

  Path folder(String prefix) throws IOException {
    return Files.createTempDirectory(folder, prefix);
  }

  /** The processes of the environments that the clients call. */
  Set<Long> processes() {
    return FUNCTIONS.stream()
        .flatMap(name -> functions.processes(name).stream())
        .collect(toUnmodifiableSet());
  }

  void moveTo(Server other) {
    redirect(proxy, other);
    if (feedStandby == null) {
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

  /** Sends a signal to processes, which may have ended. */
  void signal(String signal, Set<Long> processes) throws Exception {
    var command =
        Stream.concat(Stream.of("kill", signal), processes.stream().map(Object::toString));
    new ProcessBuilder(command.toList())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Runs a statement as the superuser, and repeats it until it succeeds. */
  void execute(String statement) throws Exception {
    execute(server, statement);
  }

  /** Runs a statement on a server as the superuser, and repeats it until it succeeds. */
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

  /** Calls the sweep until it removes nothing. */
  void sweep() throws Exception {
    var event = Files.readAllBytes(Calls.ROOT.resolve("events/sweep-activities.json"));
    Wait.until("the sweep comes to its end", () -> isSwept(event));
  }

  /** Whether a call removed nothing. */
  private boolean isSwept(byte[] event) {
    var outcome = functions.invoke(SWEEP, event);
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
    var failure = Json.parse(payload);
    return failure
            .path("errorType")
            .asText()
            .equals("cruddur.database.DatabaseUnavailableException")
        || Calls.isTimeout(failure);
  }

  /** The number of activities that expired over a minute ago. */
  int overdue() throws SQLException {
    return Integer.parseInt(
        server.value(
            "select count(*) from activities where expires_at < now() - interval '1 minute'"));
  }

  /** Plays a fault while clients call, and compares. */
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
    // The clients must stay served.
    Thread.sleep(300);
    crowd.close();
    var same = processes().containsAll(before);
    return result(fault.name(), ledger, opened() - opened, recovery, same);
  }

  private Result result(
      String name, Ledger ledger, int reconnections, Duration recovery, boolean sameEnvironments)
      throws SQLException {
    return new Result(
        name,
        ledger.balance(server),
        ledger.unavailables(),
        reconnections,
        ledger.slowestSeconds(),
        recovery,
        sameEnvironments,
        // A timeout is wrong, since the suite freezes environments for less than a function's
        // timeout.
        Stream.concat(ledger.wrongs().stream(), ledger.timeouts().stream()).toList());
  }

  /**
   * Runs clients that post, until each was served and then for some more time.
   *
   * @param longest the longest wait until each client is served
   */
  Result load(String name, int count, Duration longest, Duration more) throws Exception {
    var ledger = new Ledger();
    var opened = opened();
    Duration served;
    try (var crowd = new Crowd(posters(ledger, true, count))) {
      served = crowd.servedSince(System.nanoTime(), longest);
      Thread.sleep(more);
    }
    return result(name, ledger, opened() - opened, served, true);
  }

  /** Clients that post, one that reads and one that signs users up. */
  List<Client> clients(Ledger ledger, boolean keys) {
    var clients = new ArrayList<Client>();
    clients.addAll(posters(ledger, keys, posters));
    clients.add(Client.reader(calls(ledger)));
    clients.add(Client.newcomers(calls(ledger)));
    return clients;
  }

  List<Client> posters(Ledger ledger, boolean keys, int count) {
    return Stream.generate(() -> Client.poster(calls(ledger), keys)).limit(count).toList();
  }

  Calls calls(Ledger ledger) {
    return new Calls(functions, ledger);
  }

  /**
   * Removes the reconnect from the functions' code, before their first call. Then no failure leads
   * to another attempt or a new connection.
   */
  void disableReconnect() throws IOException {
    for (var name : FUNCTIONS) {
      var file = folder.resolve("functions/tasks/" + name + "/cruddur/database/FailureKind.class");
      Files.write(file, NoReconnect.of(Files.readAllBytes(file)));
    }
  }

  @Override
  public void close() throws IOException {
    functions.close();
    proxy.close();
    feedProxy.close();
    log.close();
    var own = feedStandby;
    if (own != null && own != server) {
      own.close();
    }
  }
}
