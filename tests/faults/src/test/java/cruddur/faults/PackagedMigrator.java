package cruddur.faults;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The packaged migrator, and later versions with one more column and index each. */
final class PackagedMigrator {
  private static final Path JAR = Calls.ROOT.resolve("functions/migrations/target/function.jar");
  private static final String COLUMN =
      "alter table activities add column edited_NUMBER timestamptz;\n";
  private static final String INDEX =
      """
      set lock_timeout = '1min';
      drop index concurrently if exists activities_edited_NUMBER_idx;
      create index concurrently activities_edited_NUMBER_idx on activities (edited_NUMBER);
      """;

  /** Makes the history look as after a change of the file with roles and rights. */
  static final String RIGHTS_CHANGED =
      "update flyway_schema_history set checksum = 1 where script = 'R__roles.sql'";

  private final Path folder;
  private int version = 900;

  /**
   * The current version.
   *
   * @param folder for the files of later versions
   */
  PackagedMigrator(Path folder) {
    this.folder = folder;
  }

  /** Makes the database of this version with the seed, in place of what is there. */
  void make(Server server) throws Exception {
    server.execute("drop schema public cascade; create schema public");
    migrate(server);
    server.execute(Files.readString(Calls.ROOT.resolve("sql/seed.sql")));
  }

  /**
   * Becomes the next version, with one more column and an index on it.
   *
   * @return the names of the new files
   */
  List<String> change() throws IOException {
    version += 2;
    var column = "V%d__column.sql".formatted(version - 1);
    var index = "V%d__index.sql".formatted(version);
    var migrations = Files.createDirectories(folder.resolve("sql/migrations"));
    Files.writeString(migrations.resolve(column), COLUMN.replace("NUMBER", "" + version));
    Files.writeString(migrations.resolve(index), INDEX.replace("NUMBER", "" + version));
    Files.writeString(migrations.resolve(index + ".conf"), "executeInTransaction=false\n");
    return List.of(column, index);
  }

  /**
   * Migrates.
   *
   * @return the output of the migrator
   * @throws IOException if it failed; the message has the output
   */
  String migrate(Server server) throws Exception {
    var output = folder.resolve("migrator.log");
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                JAR + File.pathSeparator + folder,
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
    var printed = Files.readString(output, StandardCharsets.UTF_8);
    if (status != 0) {
      throw new IOException("the migrator ended with status " + status + ": " + printed);
    }
    return printed;
  }
}
