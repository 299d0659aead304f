package cruddur.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.postgres.Postgres;
import cruddur.postgres.Superuser;
import cruddur.testbed.Http;
import cruddur.testbed.LocalPorts;
import cruddur.testbed.LocalProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/local}'s process, from outside. */
class MainTest {
  @TempDir private Path folder;

  /**
   * In a folder whose name is not ASCII. The name goes through a shell's printf, since the tests
   * may run in a locale without it.
   */
  @Test
  void stopsAtASignalLeavesNoProcessAndKeepsItsData() throws Exception {
    var ports = LocalPorts.free();
    var activities = 0;
    for (var run = 0; run < 2; run++) {
      var options = run == 0 ? new String[] {"--schedule-speed", "7200"} : new String[0];
      try (var local = startInUnicodeFolder(ports, options)) {
        local.awaitReady();
        if (run == 0) {
          assertSchedulesRun(local, ports.postgres());
        }
        var home = Http.get(ports.page("/api/activities/home"));
        assertEquals(200, home.statusCode());
        var shown = home.body().split("\"uuid\"", -1).length - 1;
        assertTrue(shown > 0, home.body());
        assertEquals(run == 0 ? shown : activities, shown);
        activities = shown;
        var children = local.process().descendants().toList();
        assertFalse(children.isEmpty(), "a function runs");
        local.stop();
        for (var child : children) {
          child.onExit().get(5, TimeUnit.SECONDS);
        }
        // PostgreSQL's process is no descendant; its free port shows that it has ended.
        for (var port : ports.all()) {
          new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
      }
    }
  }

  /** The canaries succeed and write nothing, and the sweep leaves what is in the feed. */
  private static void assertSchedulesRun(LocalProcess local, int postgres) throws Exception {
    for (var metric :
        new String[] {
          "PostConfirmationFunction\",\"Canary\":1}",
          "CreateActivityFunction\",\"Canary\":1}",
          "HomeActivitiesFunction\",\"Canary\":1}",
          "SweepActivitiesFunction\",\"Removed\":0}"
        }) {
      local.awaitLog("\"function\":\"" + metric);
    }
    var log = local.log();
    assertFalse(log.contains("\"Rejected\"") || log.contains("\"Created\""), log);
    assertFalse(log.contains("SecurityGroupUpdaterFunction"), "there is no EC2 API");
    assertEquals(
        "4 4",
        new Superuser(postgres)
            .value(
                "select (select count(*) from users) || ' ' || (select count(*) from activities)"),
        "the seeds");
  }

  private LocalProcess startInUnicodeFolder(LocalPorts ports, String... options)
      throws IOException {
    var data = folder + "/$(printf 'dat\\303\\251 \\346\\227\\245\\346\\234\\254')";
    var script =
        LocalProcess.command(ports, data, options).stream()
            .map(word -> '"' + word + '"')
            .collect(Collectors.joining(" ", "exec ", ""));
    // As bin/local has it; the functions get no variable of this process's.
    var locale = Map.of("LC_ALL", "C.UTF-8");
    return LocalProcess.start(BundleFixture.ROOT, folder, List.of("bash", "-c", script), locale);
  }

  /** The data of an older version: its tables, made by the superuser, and no history. */
  @Test
  void bringsOlderDataToTheSchemaOfToday() throws Exception {
    var ports = LocalPorts.free();
    var before = BundleFixture.ROOT.resolve("functions/migrations/src/test/resources/before");
    var data = folder.resolve("data/postgres");
    Files.createDirectories(data.getParent());
    try (var postgres = Postgres.toMigrate(data, ports.postgres(), Optional.empty());
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
    try (var local = start(ports, Map.of())) {
      local.awaitReady();
      var home = Http.get(ports.page("/api/activities/home"));
      assertTrue(home.body().contains("written before"), home.body());
      assertFalse(home.body().contains("Only one person"), "no seeds beside existing data");
    }
  }

  @Test
  void namesThePortThatIsTakenAndStops() throws Exception {
    var ports = LocalPorts.free();
    try (var holder = new ServerSocket(ports.identity(), 1, InetAddress.getLoopbackAddress());
        var local = start(ports, Map.of())) {
      assertEquals(1, local.awaitEnd());
      var log = local.log();
      assertTrue(log.contains(Integer.toString(holder.getLocalPort())), log);
      assertTrue(log.contains("--identity-port"), log);
      assertEquals("", local.output());
    }
  }

  @Test
  void refusesAPageOriginThatIsNone() throws Exception {
    try (var local = start(LocalPorts.free(), Map.of("PAGE_ORIGIN", "http://page.example"))) {
      assertEquals(2, local.awaitEnd());
      var log = local.log();
      assertTrue(log.contains("PAGE_ORIGIN"), log);
      assertTrue(log.contains("is not an https origin"), log);
      assertTrue(log.contains("http://page.example"), log);
      assertEquals("", local.output());
    }
  }

  @Test
  void refusesAnEc2ApiThatContainersCannotReach() throws Exception {
    var environment = Map.of("AWS_ENDPOINT_URL_EC2", "http://ec2.example:5000");
    try (var local = start(LocalPorts.free(), environment, "--containers")) {
      assertEquals(2, local.awaitEnd());
      assertTrue(local.log().contains("not http://ec2.example:5000"), local.log());
      assertFalse(Files.exists(folder.resolve("data")), "nothing has started");
    }
  }

  private LocalProcess start(LocalPorts ports, Map<String, String> environment, String... options)
      throws IOException {
    return LocalProcess.start(
        BundleFixture.ROOT,
        folder,
        LocalProcess.command(ports, folder + "/data", options),
        environment);
  }
}
