package cruddur.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.local.lambda.Proc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More environments than connections, and many calls of one environment. */
class LoadTest {
  private static final boolean LONG = Boolean.getBoolean("faults.long");

  /** Connections for the functions; the superuser has three more. */
  private static final int BUDGET = LONG ? 16 : 4;

  private static final int CALLS = LONG ? 100_000 : 3_000;
  private static final double FLAT = 1.1;
  private static final Duration WHILE = Duration.ofSeconds(LONG ? 5 : 2);
  private static final Duration STARTING = Duration.ofMinutes(2);

  @TempDir static Path folder;
  @AutoClose private static Server server;

  @BeforeAll
  static void start() throws Exception {
    // Here, idle sessions end after 2 seconds; in template.yaml, after 10 minutes.
    server =
        Server.start(
            folder.resolve("postgres"),
            "-c superuser_reserved_connections=3 -c synchronous_commit=off"
                + " -c idle_session_timeout=2s -c max_connections="
                + (BUDGET + 3));
  }

  @Test
  void twiceAsManyEnvironmentsAsConnectionsAreServedOrGet503() throws Exception {
    try (var fixture = new FaultFixture(folder, server, 0)) {
      var starting = fixture.load("environments starting", BUDGET, STARTING, Duration.ZERO);
      var within = fixture.load("as many environments as connections", BUDGET, WHILE, WHILE);
      within.report();
      assertEquals(0, within.unavailable(), within.row());
      var beyond = fixture.load("twice as many", 2 * BUDGET, WHILE, WHILE);
      beyond.report();
      assertTrue(beyond.reconnections() >= BUDGET, beyond.row());
      var again =
          fixture.load("as many as connections again", BUDGET, FaultFixture.RECOVERY, WHILE);
      again.report();
      for (var result : List.of(within, again)) {
        assertTrue(result.recovery().compareTo(FaultFixture.RECOVERY) < 0, result.row());
      }
      for (var result : List.of(starting, within, beyond, again)) {
        assertEquals(List.of(), result.wrong());
        assertEquals(0, result.balance().doubled() + result.balance().lost(), result.row());
      }
    }
  }

  @Test
  void anEnvironmentsMemoryStaysFlat() throws Exception {
    var own = Files.createTempDirectory(folder, "memory");
    // A small young generation is soon used whole. Later growth is retained memory.
    var heap = Map.of("JAVA_TOOL_OPTIONS", "-Xms32m -Xmn16m");
    try (var fixture = new FaultFixture(own, server, server.port(), "", heap, 1)) {
      var ledger = new Ledger();
      var client = fixture.posters(ledger, true, 1).getFirst();
      call(client, CALLS / 3);
      var environments = fixture.processes();
      var warm = Proc.kibibytes(environments.iterator().next(), "status", "VmRSS:");
      call(client, CALLS - CALLS / 3);
      var end = Proc.kibibytes(environments.iterator().next(), "status", "VmRSS:");
      assertEquals(environments, fixture.processes());
      assertEquals(List.of(), ledger.wrongs());
      System.out.printf(
          "resident memory after %d calls: %d kB, after %d: %d kB%n", CALLS / 3, warm, CALLS, end);
      assertTrue(end < warm * FLAT, warm + " kB, then " + end + " kB");
    }
  }

  private static void call(Client client, int times) {
    for (var time = 0; time < times; time++) {
      client.call();
    }
  }
}
