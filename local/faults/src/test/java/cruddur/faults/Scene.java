package cruddur.faults;

import static java.util.stream.Collectors.toUnmodifiableSet;

import cruddur.local.Functions;
import cruddur.testbed.Proxy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The functions, their database, and the bad network between the two. */
final class Scene implements AutoCloseable {
  /** The functions that the clients call. */
  private static final List<String> FUNCTIONS =
      List.of("CreateActivityFunction", "HomeActivitiesFunction", "PostConfirmationFunction");

  /** What the project promises, from a fault's end. */
  static final Duration RECOVERY = Duration.ofSeconds(5);

  private final Path folder;
  private final Proxy proxy;
  private final Functions functions;
  private final PrintStream log;
  private final int posters;
  private Server server;

  private Scene(
      Path folder, Server server, Proxy proxy, Functions functions, PrintStream log, int posters) {
    this.folder = folder;
    this.server = server;
    this.proxy = proxy;
    this.functions = functions;
    this.log = log;
    this.posters = posters;
  }

  /**
   * Sets up a scene.
   *
   * @param entrance where the proxy leads to: a port of 127.0.0.1
   * @param settings of pgjdbc, with a question mark before them, or empty
   * @param variables further environment variables of the functions
   * @param posters clients that post
   */
  static Scene open(
      Path folder,
      Server server,
      int entrance,
      String settings,
      Map<String, String> variables,
      int posters)
      throws IOException {
    var proxy = Proxy.to(entrance);
    var log = new PrintStream(folder.resolve("functions.log").toFile(), StandardCharsets.UTF_8);
    var functions =
        Functions.of(
            Client.ROOT,
            folder.resolve("functions"),
            "127.0.0.1:" + proxy.port() + "/cruddur" + settings,
            variables,
            log::print);
    return new Scene(folder, server, proxy, functions, log, posters);
  }

  Server server() {
    return server;
  }

  Proxy proxy() {
    return proxy;
  }

  /** A new, empty folder. */
  Path folder(String prefix) throws IOException {
    return Files.createTempDirectory(folder, prefix);
  }

  /** The processes of the environments. */
  Set<Long> processes() {
    return FUNCTIONS.stream()
        .flatMap(name -> functions.processes(name).stream())
        .collect(toUnmodifiableSet());
  }

  /** Makes another server the database. */
  void moveTo(Server other) {
    proxy.lead(other.port());
    proxy.cut();
    server = other;
  }

  /** Runs a program that must succeed. */
  void run(String program, String option, String... arguments) throws Exception {
    var command = Stream.concat(Stream.of(program, option), Stream.of(arguments)).toList();
    var status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(program + " ended with status " + status);
    }
  }

  /** Lets clients work through a fault, and compares. */
  Result play(Fault fault, boolean keys) throws Exception {
    var ledger = new Ledger();
    var opened = proxy.opened();
    Duration recovery;
    Set<Long> before;
    try (var crowd = new Crowd(clients(ledger, keys))) {
      var settled = crowd.servedSince(System.nanoTime(), Duration.ofSeconds(60));
      if (settled.toSeconds() >= 60) {
        throw new IllegalStateException("not served before the fault: " + ledger.wrongs());
      }
      before = processes();
      opened = proxy.opened();
      fault.script().play(this);
      recovery = crowd.servedSince(System.nanoTime(), RECOVERY.multipliedBy(2));
      Thread.sleep(300);
    }
    return new Result(
        fault.name(),
        ledger.balance(server),
        ledger.unavailables(),
        proxy.opened() - opened,
        ledger.slowestSeconds(),
        recovery,
        processes().equals(before),
        ledger.wrongs());
  }

  private List<Client> clients(Ledger ledger, boolean keys) {
    var clients = new ArrayList<Client>();
    for (var count = 0; count < posters; count++) {
      clients.add(Client.poster(functions, ledger, keys));
    }
    clients.add(Client.reader(functions, ledger));
    clients.add(Client.signUps(functions, ledger));
    return clients;
  }

  @Override
  public void close() throws IOException {
    functions.close();
    proxy.close();
    log.close();
    server.close();
  }
}
