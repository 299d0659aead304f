package cruddur.faults;

import cruddur.postgres.FileTree;
import cruddur.postgres.LocalDatabase;
import cruddur.postgres.Postgres;
import cruddur.testbed.Machine;
import cruddur.testbed.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A PostgreSQL 18 that a test can stop, kill, copy and promote. */
final class Server implements LocalDatabase, AutoCloseable {
  private final Path data;
  private final Path binaries;
  private final String settings;
  private final int port;

  private Server(Path data, Path binaries, String settings, int port) {
    this.data = data;
    this.binaries = binaries;
    this.settings = settings;
    this.port = port;
  }

  /**
   * Makes a database with the schema, the roles and the seeds in a folder, and starts it.
   *
   * @param settings options of {@code postgres}, such as {@code -c max_connections=20}
   */
  static Server start(Path data, String settings) throws Exception {
    Server server;
    try (var postgres = Postgres.toMigrate(data, 0, Optional.empty())) {
      // The migrator takes the role of the database's owner, which must own the tables too.
      postgres.execute(
          "alter database cruddur owner to postgres",
          sql("schema.sql"),
          sql("migrations/R__roles.sql"));
      postgres.seed();
      var program = Path.of(Postgres.process(data).info().command().orElseThrow());
      server = new Server(data, program.resolveSibling(""), settings, postgres.port());
    }
    server.start();
    return server;
  }

  private static String sql(String file) throws IOException {
    return Files.readString(Calls.ROOT.resolve("sql").resolve(file));
  }

  @Override
  public int port() {
    return port;
  }

  Path log() {
    return data.resolve("log");
  }

  /** The file with the rules for signing in. */
  Path rules() {
    return data.resolve("pg_hba.conf");
  }

  /** The folder of an in-place tablespace. */
  Path tablespace(String name) throws IOException, SQLException {
    var oid = value("select oid from pg_tablespace where spcname = '" + name + "'");
    try (var versions = Files.list(data.resolve("pg_tblspc").resolve(oid))) {
      return versions.findFirst().orElseThrow().toAbsolutePath();
    }
  }

  /** Starts the server. On return, it accepts connections. */
  void start() throws Exception {
    var options =
        "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c timezone=UTC %s"
            .formatted(port, settings);
    // Processes of a killed server may still run.
    Wait.until(
        "PostgreSQL starts; see " + log(),
        () -> control("-w", "-l", log().toString(), "-o", options, "start") == 0);
  }

  /** Stops the server: {@code fast} ends the sessions, {@code immediate} is like a crash. */
  void stop(String mode) throws IOException {
    control("-w", "-m", mode, "stop");
  }

  /** Kills the server's first process. The others then end. */
  void kill() {
    Postgres.process(data).destroyForcibly();
  }

  /** Ends the server like a crash, and deletes its files. */
  void discard() throws IOException {
    stop("immediate");
    FileTree.delete(data);
  }

  /** Makes a standby the primary. On return, it accepts writes. */
  void promote() throws IOException {
    control("-w", "promote");
  }

  /** Starts a synchronous standby of this server in an empty folder. */
  Server synchronousStandby(Path copy) throws Exception {
    var standby = copy(copy, "standby");
    execute("alter system set synchronous_standby_names = 'standby'");
    execute("select pg_reload_conf()");
    await("select count(*) = 1 from pg_stat_replication where sync_state = 'sync'");
    return standby;
  }

  /** Starts an asynchronous standby of this server in an empty folder. */
  Server asynchronousStandby(Path copy) throws Exception {
    return copy(copy, "feed");
  }

  private Server copy(Path copy, String name) throws Exception {
    var standby = new Server(copy, binaries, settings, Machine.freePorts(1).getFirst());
    copyForStandby(copy, name);
    standby.start();
    return standby;
  }

  private int control(String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(binaries.resolve("pg_ctl").toString()));
    command.addAll(List.of("-D", data.toString()));
    command.addAll(List.of(arguments));
    var process =
        Machine.notAsRoot(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    return process.onExit().join().exitValue();
  }

  /** Waits until the server accepts connections. */
  void await() {
    Wait.until("the server accepts connections", this::isUp);
  }

  /** Waits until a query of one boolean returns true. */
  void await(String query) {
    Wait.until(query, () -> value(query).equals("t"));
  }

  @Override
  public void close() throws IOException {
    stop("immediate");
  }
}
