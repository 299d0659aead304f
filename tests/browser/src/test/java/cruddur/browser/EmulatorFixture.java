package cruddur.browser;

import cruddur.local.template.Json;
import cruddur.postgres.FileTree;
import cruddur.postgres.LocalDatabase;
import cruddur.postgres.Postgres;
import cruddur.testbed.EmulatorPorts;
import cruddur.testbed.EmulatorProcess;
import cruddur.testbed.Http;
import cruddur.testbed.Machine;
import cruddur.testbed.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The process of the emulator, with free ports and an empty data folder. */
final class EmulatorFixture implements LocalDatabase, AutoCloseable {
  static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  /** The variables that GitHub sets in a codespace. The domain "example" does not exist. */
  private static final Map<String, String> CODESPACE =
      Map.of(
          "CODESPACE_NAME",
          "sturdy-lamp",
          "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN",
          "app.cloud.example");

  private static final int LONGEST_STOP_SECONDS = 30;

  private final Path data = Files.createTempDirectory("cruddur-browser-");
  private final EmulatorPorts ports = EmulatorPorts.free();
  private final EmulatorProcess process =
      new EmulatorProcess(ROOT, data, EmulatorProcess.command(ports, data.toString()), CODESPACE);

  private EmulatorFixture() throws IOException {}

  /** Starts the emulator. On return, every part answers. */
  static EmulatorFixture start() throws IOException {
    var emulator = new EmulatorFixture();
    try {
      emulator.process.awaitReady();
      return emulator;
    } catch (IOException | RuntimeException | AssertionError failure) {
      emulator.close();
      throw failure;
    }
  }

  String page() {
    return ports.page("");
  }

  /** Uses a refresh token and returns the next one; empty if the token is refused. */
  String refresh(String token) throws IOException, InterruptedException {
    var form = Map.of("grant_type", "refresh_token", "client_id", "local", "refresh_token", token);
    var response = Http.post(page() + "/cruddur/token", form);
    return Json.parse(response.body()).path("refresh_token").asText();
  }

  /** The page's origin with this machine's other name. */
  String pageByName() {
    return "http://localhost:" + pagePort();
  }

  /** The page's host name in a codespace. */
  String forwardedHost() {
    return "sturdy-lamp-%d.app.cloud.example".formatted(pagePort());
  }

  int pagePort() {
    return ports.http();
  }

  /** Stops the database like a crash, by PostgreSQL's immediate shutdown. */
  Outage stopDatabase() throws Exception {
    var server = Postgres.process(data.resolve("postgres"));
    var command = new ArrayList<>(List.of(server.info().command().orElseThrow()));
    command.addAll(List.of(server.info().arguments().orElseThrow()));
    new ProcessBuilder("kill", "-QUIT", Long.toString(server.pid())).start().waitFor();
    server.onExit().get(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
    return new Outage(command);
  }

  /** A time without the database. */
  final class Outage implements AutoCloseable {
    private final List<String> command;
    private boolean isOver;

    private Outage(List<String> command) {
      this.command = command;
    }

    /** Starts the same server with the same data. On return, it answers. */
    void end() throws IOException {
      if (isOver) {
        return;
      }
      isOver = true;
      Machine.notAsRoot(command).redirectOutput(data.resolve("postgres.log").toFile()).start();
      Wait.until("the database is back", EmulatorFixture.this::isUp);
    }

    @Override
    public void close() throws IOException {
      end();
    }
  }

  @Override
  public int port() {
    return ports.postgres();
  }

  void clear() throws SQLException {
    execute("delete from activities");
  }

  /** Inserts activities of one user, each a minute older than the one before. */
  void fill(int count) throws SQLException {
    execute(
        """
        insert into activities (uuid, user_uuid, message, created_at, expires_at)
        select uuid_v7(at), users.uuid, 'activity ' || number, at, at + interval '168 hours'
        from
          users,
          generate_series(1, %d) as number,
          lateral (values (now() - make_interval(mins => number))) as moment (at)
        where handle = 'bayko'
        """
            .formatted(count));
  }

  @Override
  public void close() {
    process.close();
    FileTree.delete(data);
  }
}
