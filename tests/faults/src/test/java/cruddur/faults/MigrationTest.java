package cruddur.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged migrator while clients post, read and sign up. */
class MigrationTest {
  private static final boolean LONG = Boolean.getBoolean("faults.long");
  private static final int POSTERS = LONG ? 6 : 4;

  @TempDir private Path folder;

  @Test
  void noCallFailsWhileTheDatabaseIsMigrated() throws Exception {
    var migrator = new PackagedMigrator(folder);
    try (var server = Server.start(folder.resolve("postgres"), "-c max_connections=40")) {
      migrator.make(server);
      try (var fixture = new FaultFixture(folder, server, server.port(), "", Map.of(), POSTERS)) {
        if (LONG) {
          fixture.addReader();
        }
        var migration =
            new Fault(
                "a migration: column, index, roles", true, (its, _) -> migrate(migrator, its));
        var result = fixture.play(migration, true);
        result.report();
        assertEquals(List.of(), result.wrong(), result.row());
        assertEquals(0, result.unavailable(), result.row());
        assertEquals(0, result.balance().lost() + result.balance().doubled(), result.row());
        assertTrue(result.balance().acknowledged() > 0, result.row());
        assertTrue(result.sameEnvironments(), result.row());
        assertTrue(result.recovery().compareTo(FaultFixture.RECOVERY) < 0, result.row());
      }
    }
  }

  private static void migrate(PackagedMigrator migrator, FaultFixture fixture) throws Exception {
    var files = migrator.change();
    fixture.execute(PackagedMigrator.RIGHTS_CHANGED);
    var applied = migrator.migrate(fixture.server());
    for (var file : files) {
      assertTrue(applied.contains("applied " + file), applied);
    }
    assertTrue(applied.contains("applied R__roles.sql"), applied);
  }
}
