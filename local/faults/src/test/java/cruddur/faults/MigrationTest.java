package cruddur.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged migrator under the load of clients that post, read and sign up. */
class MigrationTest {
  private static final int POSTERS = Boolean.getBoolean("faults.long") ? 6 : 4;
  private static final Path JAR = Client.ROOT.resolve("functions/migrations/target/function.jar");

  /** A folder that is on the class path of a later version of the migrator. */
  private static final Path LATER = Path.of("src/test/resources/later");

  @TempDir private Path folder;

  @Test
  void noAnswerFailsWhileTheDatabaseIsMigrated() throws Exception {
    try (var server = Server.start(folder.resolve("postgres"), "-c max_connections=40")) {
      server.execute("drop schema public cascade; create schema public");
      migrate(server, List.of(JAR));
      server.execute(Files.readString(Client.ROOT.resolve("sql/seed.sql")));
      try (var scene = Scene.open(folder, server, server.port(), "", Map.of(), POSTERS)) {
        var migration = new Fault("a migration: column, index, roles", true, this::migrateAgain);
        var result = scene.play(migration, true);
        Report.add(result);
        assertEquals(List.of(), result.wrong(), result.row());
        assertEquals(0, result.unavailable(), result.row());
        assertEquals(0, result.balance().lost() + result.balance().doubled(), result.row());
        assertTrue(result.balance().acknowledged() > 0, result.row());
        assertTrue(result.sameEnvironments(), result.row());
        assertTrue(result.recovery().compareTo(Scene.RECOVERY) < 0, result.row());
      }
    }
  }

  private void migrateAgain(Scene scene) throws Exception {
    // As after a change of the file with the roles and rights.
    scene
        .server()
        .execute("update flyway_schema_history set checksum = 1 where script = 'R__roles.sql'");
    var applied = migrate(scene.server(), List.of(JAR, LATER));
    for (var file : List.of("V901__column.sql", "V902__index.sql", "R__roles.sql")) {
      assertTrue(applied.contains("applied " + file), applied);
    }
  }

  /** Prints what it applied. */
  private String migrate(Server server, List<Path> classPath) throws Exception {
    var output = folder.resolve("migrator.log");
    var joined = String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList());
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                joined,
                "cruddur.migrations.Main")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder
        .environment()
        .put(
            "CONNECTION_URL",
            "postgresql://postgres@127.0.0.1:%d/cruddur".formatted(server.port()));
    builder.environment().put("PGPASSWORD", "postgres");
    var status = builder.start().waitFor();
    var said = Files.readString(output, StandardCharsets.UTF_8);
    if (status != 0) {
      throw new IOException("the migrator ended with status " + status + ": " + said);
    }
    return said;
  }
}
