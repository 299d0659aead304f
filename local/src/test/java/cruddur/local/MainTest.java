package cruddur.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.postgres.LocalDatabase;
import cruddur.postgres.Postgres;
import cruddur.testbed.EmulatorPorts;
import cruddur.testbed.EmulatorProcess;
import cruddur.testbed.Http;
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

/** The process of the emulator, from outside. */
class MainTest {
  @TempDir private Path folder;

  /**
   * The folder's name is not ASCII. A shell's printf makes it, since the tests may run in a locale
   * without such characters.
   */
  @Test
  void bringsOlderDataToTheSchemaOfTodayKeepsItAndLeavesNoProcessAfterASignal() throws Exception {
    var ports = EmulatorPorts.free();
    writeOlderData(ports);
    for (var schedules : List.of(true, false)) {
      var options = schedules ? new String[] {"--schedule-speed", "7200"} : new String[0];
      try (var emulator = startInUnicodeFolder(ports, options)) {
        emulator.awaitReady();
        if (schedules) {
          assertSchedulesRun(emulator);
        }
        assertEquals(
            List.of("written before"),
            ((LocalDatabase) ports::postgres).column("select message from activities"),
            "no seeds beside existing data");
        var home = Http.get(ports.page("/api/activities/home"));
        assertTrue(home.body().contains("written before"), home.body());
        var children = emulator.process().descendants().toList();
        assertFalse(children.isEmpty(), "a function runs");
        emulator.stop();
        for (var child : children) {
          child.onExit().get(5, TimeUnit.SECONDS);
        }
        // PostgreSQL is no descendant. Its free port shows that it has ended.
        for (var port : ports.all()) {
          new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
      }
    }
  }

  /** Older data: the superuser made its tables, and it has no history of migrations. */
  private void writeOlderData(EmulatorPorts ports) throws Exception {
    var before = BundleFixture.ROOT.resolve("functions/migrations/src/test/resources/before");
    var data = folder.resolve("older");
    try (var postgres = Postgres.toMigrate(data, ports.postgres(), Optional.empty())) {
      postgres.execute(
          Files.readString(before.resolve("schema.sql")),
          Files.readString(before.resolve("roles.sql")),
          """
          insert into users (display_name, handle, email, cognito_user_id)
          values ('G''Kar', 'GKar', 'gkar@example.com', 'sub-of-gkar');
          insert into activities (user_uuid, message, expires_at)
          select uuid, 'written before', now() + interval '24 hours' from users
          """);
    }
  }

  /** The canaries succeed and write nothing, and the sweep leaves the feed. */
  private static void assertSchedulesRun(EmulatorProcess emulator) throws Exception {
    for (var metric :
        new String[] {
          "PostConfirmationFunction\",\"Canary\":1}",
          "CreateActivityFunction\",\"Canary\":1}",
          "HomeActivitiesFunction\",\"Canary\":1}",
          "SweepActivitiesFunction\",\"Removed\":0}"
        }) {
      emulator.awaitLog("\"function\":\"" + metric);
    }
    var log = emulator.log();
    assertFalse(log.contains("\"Rejected\"") || log.contains("\"Created\""), log);
    assertFalse(log.contains("SecurityGroupUpdaterFunction"), "there is no EC2 API");
  }

  private EmulatorProcess startInUnicodeFolder(EmulatorPorts ports, String... options)
      throws IOException {
    var data = folder + "/$(printf 'dat\\303\\251 \\346\\227\\245\\346\\234\\254')";
    var move =
        """
        if [[ -d %1$s/older ]]; then mkdir "%2$s" && mv %1$s/older "%2$s/postgres"; fi
        """
            .formatted(folder, data);
    var script =
        EmulatorProcess.command(ports, data, options).stream()
            .map(word -> '"' + word + '"')
            .collect(Collectors.joining(" ", move + "exec ", ""));
    // As bin/local sets it. Functions get no variable of this process.
    var locale = Map.of("LC_ALL", "C.UTF-8");
    return new EmulatorProcess(BundleFixture.ROOT, folder, List.of("bash", "-c", script), locale);
  }

  @Test
  void namesThePortThatIsTakenAndStops() throws Exception {
    var ports = EmulatorPorts.free();
    try (var holder = new ServerSocket(ports.identity(), 1, InetAddress.getLoopbackAddress());
        var emulator = start(ports, Map.of())) {
      assertEquals(1, emulator.awaitEnd());
      var log = emulator.log();
      assertTrue(log.contains(Integer.toString(holder.getLocalPort())), log);
      assertTrue(log.contains("--identity-port"), log);
      assertEquals("", emulator.output());
    }
  }

  @Test
  void refusesAPageOriginThatIsNone() throws Exception {
    try (var emulator = start(EmulatorPorts.free(), Map.of("PAGE_ORIGIN", "http://page.example"))) {
      assertEquals(2, emulator.awaitEnd());
      var log = emulator.log();
      assertTrue(log.contains("PAGE_ORIGIN"), log);
      assertTrue(log.contains("is not an https origin"), log);
      assertTrue(log.contains("http://page.example"), log);
      assertEquals("", emulator.output());
    }
  }

  @Test
  void refusesAnEc2ApiThatContainersCannotReach() throws Exception {
    var environment = Map.of("AWS_ENDPOINT_URL_EC2", "http://ec2.example:5000");
    try (var emulator = start(EmulatorPorts.free(), environment, "--containers")) {
      assertEquals(2, emulator.awaitEnd());
      assertTrue(emulator.log().contains("not http://ec2.example:5000"), emulator.log());
      assertFalse(Files.exists(folder.resolve("data")), "nothing has started");
    }
  }

  private EmulatorProcess start(
      EmulatorPorts ports, Map<String, String> environment, String... options) throws IOException {
    return new EmulatorProcess(
        BundleFixture.ROOT,
        folder,
        EmulatorProcess.command(ports, folder + "/data", options),
        environment);
  }
}
