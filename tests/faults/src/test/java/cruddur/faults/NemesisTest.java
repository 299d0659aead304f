package cruddur.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cruddur.testbed.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Overlapping faults, drawn from the seed {@code nemesis.seed}, for {@code nemesis.minutes}. */
@EnabledIfSystemProperty(
    named = "nemesis.minutes",
    matches = "[0-9]+",
    disabledReason = "runs only with bin/test --nemesis")
class NemesisTest {
  private static final int POSTERS = 6;

  /** Reserves connections for the faults, which work as the superuser. */
  private static final String SETTINGS =
      "-c max_connections=60 -c superuser_reserved_connections=10"
          + " -c wal_keep_size=256MB -c max_wal_size=256MB";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void nothingIsLostOrDoubledAndServiceIsBackAfterEveryRound() throws Exception {
    var seed = Long.getLong("nemesis.seed", 0);
    var minutes = Duration.ofMinutes(Long.getLong("nemesis.minutes", 0));
    System.out.println("seed " + seed + ", files in " + folder);
    var migrator = new PackagedMigrator(Files.createDirectory(folder.resolve("migrations")));
    var server = Server.start(folder.resolve("postgres"), SETTINGS);
    migrator.make(server);
    try (var fixture = new FaultFixture(folder, server, POSTERS)) {
      try {
        var faults = faults((its, _) -> migrate(migrator, its));
        var keys = !"keys".equals(System.getenv("FAULTS_WITHOUT"));
        var result = new Nemesis(fixture, seed, faults, keys, System.out).run(minutes);
        System.out.print(NemesisResult.heading() + result.row());
        Files.writeString(Path.of("target", "nemesis.md"), NemesisResult.heading() + result.row());
        assertEquals(List.of(), result.broken(), "seed " + seed);
      } finally {
        fixture.server().close();
      }
    }
  }

  /** The faults that a run draws from. */
  static List<Fault> faults(Fault.Script migration) {
    return Stream.concat(
            Fault.all().stream(),
            Stream.of(
                Fault.sweep(), new Fault("a migration", false, migration).owning(Part.TABLES)))
        .toList();
  }

  /** Migrates as a deployment does, and repeats a failed one. */
  private static void migrate(PackagedMigrator migrator, FaultFixture fixture) throws Exception {
    migrator.change();
    fixture.execute(PackagedMigrator.RIGHTS_CHANGED);
    Wait.until("the database is migrated", () -> isMigrated(migrator, fixture.server()));
  }

  private static boolean isMigrated(PackagedMigrator migrator, Server server) throws Exception {
    try {
      migrator.migrate(server);
      return true;
    } catch (IOException failure) {
      System.out.println("             " + String.valueOf(failure.getMessage()).strip());
      return false;
    }
  }
}
