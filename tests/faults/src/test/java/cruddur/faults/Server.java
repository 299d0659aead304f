package cruddur.faults;

import cruddur.postgres.FileTree;
import cruddur.postgres.LocalDatabase;
import cruddur.postgres.Postgres;
import cruddur.testbed.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

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
    try (var postgres = Postgres.persistent(data, 0)) {
      var program = Path.of(Postgres.process(data).info().command().orElseThrow());
      server = new Server(data, program.resolveSibling(""), settings, postgres.port());
    }
    server.start();
    return server;
  }

  /** A TCP port of 127.0.0.1 that is free. */
  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public int port() {
    return port;
  }

  /** The server's log. */
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
  Server standby(Path copy) throws Exception {
    var standby = copy(copy, "standby");
    execute("alter system set synchronous_standby_names = 'standby'");
    execute("select pg_reload_conf()");
    await("select count(*) = 1 from pg_stat_replication where sync_state = 'sync'");
    return standby;
  }

  /** Starts an asynchronous standby of this server in an empty folder. */
  Server reader(Path copy) throws Exception {
    return copy(copy, "reader");
  }

  private Server copy(Path copy, String name) throws Exception {
    var standby = new Server(copy, binaries, settings, freePort());
    copyForStandby(copy, name);
    standby.start();
    return standby;
  }

  private int control(String... arguments) throws IOException {
    var command = new ArrayList<String>();
    if (System.getProperty("user.name").equals("root")) {
      // PostgreSQL does not run as root. In a user namespace of its own, the process is not root.
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(List.of(binaries.resolve("pg_ctl").toString(), "-D", data.toString()));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.onExit().join().exitValue();
  }

  /** Opens a connection as a role. */
  Connection connectAs(String role) throws SQLException {
    var url = "jdbc:postgresql://127.0.0.1:" + port + "/cruddur?connectTimeout=2";
    return DriverManager.getConnection(url, role, "local");
  }

  /** Waits until the server accepts connections. */
  void await() {
    Wait.until("the server accepts connections", this::isValid);
  }

  private boolean isValid() {
    try (var connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException _) {
      return false;
    }
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
