package cruddur.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.local.Options.Part;
import cruddur.local.fixtures.Http;
import cruddur.postgres.Postgres;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/local}'s process, from outside. */
class MainTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @Test
  void stopsAtASignalLeavesNoProcessAndKeepsItsData() throws Exception {
    var ports = EndToEndTest.freePorts();
    var activities = 0;
    for (var run = 0; run < 2; run++) {
      var command = command(ports, "data");
      if (run == 0) {
        command.addAll(List.of("--schedule-speed", "7200"));
      }
      var process = start(new ProcessBuilder(command));
      try {
        awaitReady(process);
        if (run == 0) {
          assertSchedulesRun(process, ports.getOrDefault(Part.POSTGRES, 0));
        }
        var home = Http.get("http://127.0.0.1:" + ports.get(Part.HTTP) + "/api/activities/home");
        assertEquals(200, home.statusCode());
        var shown = home.body().split("\"uuid\"", -1).length - 1;
        assertTrue(shown > 0, home.body());
        assertEquals(run == 0 ? shown : activities, shown);
        activities = shown;
        var children = process.descendants().toList();
        assertFalse(children.isEmpty(), "a function runs");
        process.destroy();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        for (var child : children) {
          child.onExit().get(5, TimeUnit.SECONDS);
        }
        // PostgreSQL's process is no descendant; its free port shows that it has ended.
        for (var port : ports.values()) {
          new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
      } finally {
        process.destroyForcibly();
      }
    }
  }

  /** The canaries succeed and write nothing, and the sweep leaves what is in the feed. */
  private void assertSchedulesRun(Process process, int postgres) throws Exception {
    for (var metric :
        new String[] {
          "PostConfirmationFunction\",\"Canary\":1}",
          "CreateActivityFunction\",\"Canary\":1}",
          "HomeActivitiesFunction\",\"Canary\":1}",
          "SweepActivitiesFunction\",\"Removed\":0}"
        }) {
      await(process, "stderr", "\"function\":\"" + metric);
    }
    var log = Files.readString(folder.resolve("stderr"));
    assertFalse(log.contains("\"Rejected\"") || log.contains("\"Created\""), log);
    assertFalse(log.contains("SecurityGroupUpdaterFunction"), "there is no EC2 API");
    var address = "jdbc:postgresql://127.0.0.1:" + postgres + "/cruddur";
    try (var connection = DriverManager.getConnection(address, "postgres", "postgres");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select (select count(*) from users), (select count(*) from activities)")) {
      rows.next();
      assertEquals("4 4", rows.getString(1) + " " + rows.getString(2), "the seeds");
    }
  }

  /** The name goes through a shell's printf, since the tests may run in a locale without it. */
  @Test
  void runsInFoldersOfAnyName() throws Exception {
    var ports = EndToEndTest.freePorts();
    var command = command(ports, "$(printf 'dat\\303\\251 \\346\\227\\245\\346\\234\\254')");
    var script =
        command.stream()
            .map(word -> '"' + word + '"')
            .collect(Collectors.joining(" ", "exec ", ""));
    var builder = new ProcessBuilder("bash", "-c", script);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_"));
    // As bin/local has it; the functions get no variable of this process's.
    builder.environment().put("LC_ALL", "C.UTF-8");
    var process = start(builder);
    try {
      awaitReady(process);
      var home = Http.get("http://127.0.0.1:" + ports.get(Part.HTTP) + "/api/activities/home");
      assertEquals(200, home.statusCode(), home.body());
    } finally {
      process.destroy();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    }
  }

  /** The data of an older version: its tables, made by the superuser, and no history. */
  @Test
  void bringsOlderDataToTheSchemaOfToday() throws Exception {
    var ports = EndToEndTest.freePorts();
    var before = ROOT.resolve("functions/migrations/src/test/resources/before");
    var port = ports.getOrDefault(Part.POSTGRES, 0);
    var data = folder.resolve("data/postgres");
    Files.createDirectories(data.getParent());
    try (var postgres = Postgres.toMigrate(data, port, Optional.empty());
        var connection = postgres.connect();
        var statement = connection.createStatement()) {
      statement.execute(Files.readString(before.resolve("schema.sql")));
      statement.execute(Files.readString(before.resolve("roles.sql")));
      statement.execute(
          """
          insert into users (display_name, handle, email, cognito_user_id)
          values ('G''Kar', 'GKar', 'gkar@example.com', 'sub-of-gkar');
          insert into activities (user_uuid, message, expires_at)
          select uuid, 'written before', now() + interval '24 hours' from users
          """);
    }
    var process = start(ports);
    try {
      awaitReady(process);
      var home = Http.get("http://127.0.0.1:" + ports.get(Part.HTTP) + "/api/activities/home");
      assertTrue(home.body().contains("written before"), home.body());
      assertFalse(home.body().contains("Only one person"), "no seeds among somebody's data");
    } finally {
      process.destroy();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void namesThePortThatIsTakenAndStops() throws Exception {
    var ports = EndToEndTest.freePorts();
    try (var holder =
        new ServerSocket(
            ports.getOrDefault(Part.IDENTITY, 0), 1, InetAddress.getLoopbackAddress())) {
      var process = start(ports);
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      assertEquals(1, process.exitValue());
      var said = Files.readString(folder.resolve("stderr"));
      assertTrue(said.contains(Integer.toString(holder.getLocalPort())), said);
      assertTrue(said.contains("--identity-port"), said);
      assertEquals("", Files.readString(folder.resolve("stdout")));
    }
  }

  @Test
  void refusesAPageOriginThatIsNone() throws Exception {
    var environment = Map.of("PAGE_ORIGIN", "http://page.example");
    var process = start(EndToEndTest.freePorts(), environment);
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(2, process.exitValue());
    var said = Files.readString(folder.resolve("stderr"));
    assertTrue(said.contains("PAGE_ORIGIN"), said);
    assertTrue(said.contains("is not an https origin"), said);
    assertTrue(said.contains("http://page.example"), said);
    assertEquals("", Files.readString(folder.resolve("stdout")));
  }

  @Test
  void refusesAnEc2ApiThatContainersCannotReach() throws Exception {
    var command = new ArrayList<>(command(EndToEndTest.freePorts(), "data"));
    command.add("--containers");
    var builder = new ProcessBuilder(command);
    builder.environment().put("AWS_ENDPOINT_URL_EC2", "http://ec2.example:5000");
    var process = start(builder);
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(2, process.exitValue());
    var said = Files.readString(folder.resolve("stderr"));
    assertTrue(said.contains("not http://ec2.example:5000"), said);
    assertFalse(Files.exists(folder.resolve("data")), "nothing has started");
  }

  private Process start(Map<Part, Integer> ports) throws IOException {
    return start(ports, Map.of());
  }

  private Process start(Map<Part, Integer> ports, Map<String, String> environment)
      throws IOException {
    var builder = new ProcessBuilder(command(ports, "data"));
    builder.environment().putAll(environment);
    return start(builder);
  }

  private List<String> command(Map<Part, Integer> ports, String data) {
    var command =
        new ArrayList<String>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"))
                    .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator),
                "cruddur.local.Main",
                "--data",
                folder + "/" + data));
    ports.forEach((part, port) -> command.addAll(List.of(part.option(), port.toString())));
    return command;
  }

  private Process start(ProcessBuilder builder) throws IOException {
    return builder
        .directory(ROOT.toFile())
        .redirectOutput(folder.resolve("stdout").toFile())
        .redirectError(folder.resolve("stderr").toFile())
        .start();
  }

  private void awaitReady(Process process) throws Exception {
    await(process, "stdout", "\n");
    var ready = Files.readString(folder.resolve("stdout"), StandardCharsets.UTF_8);
    assertTrue(ready.startsWith("ready"), ready);
  }

  private void await(Process process, String file, String text) throws Exception {
    for (var tenths = 0; tenths < 3_000 && process.isAlive(); tenths++) {
      if (Files.readString(folder.resolve(file), StandardCharsets.UTF_8).contains(text)) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError(Files.readString(folder.resolve("stderr")));
  }
}
