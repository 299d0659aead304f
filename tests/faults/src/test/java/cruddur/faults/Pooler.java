package cruddur.faults;

import cruddur.testbed.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * PgBouncer in transaction mode, where each transaction may have another session, as behind RDS
 * Proxy.
 */
final class Pooler implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

  private final Path configuration;
  private final int port = Machine.freePorts(1).getFirst();
  private Process process;

  /** Whether PgBouncer is on this machine. */
  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  /** Starts PgBouncer in front of a server, with fewer sessions than clients. */
  Pooler(Server server, Path folder) throws IOException {
    var users = folder.resolve("users.txt");
    Files.writeString(
        users, "\"cruddur_users\" \"\"\n\"cruddur_activities\" \"\"\n\"cruddur_feed\" \"\"\n");
    configuration = folder.resolve("pgbouncer.ini");
    Files.writeString(
        configuration,
        """
        [databases]
        cruddur = host=127.0.0.1 port=%d
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = trust
        auth_file = %s
        pool_mode = transaction
        default_pool_size = 2
        server_login_retry = 0.2
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(server.port(), port, users));
    process = launch();
  }

  int port() {
    return port;
  }

  private Process launch() throws IOException {
    return Machine.notAsRoot(List.of(PROGRAM.toString(), "-q", configuration.toString()))
        .redirectOutput(configuration.resolveSibling("pgbouncer.log").toFile())
        .start();
  }

  /** Kills PgBouncer and starts it again. */
  void restart() throws IOException {
    close();
    process = launch();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
