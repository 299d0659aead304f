package cruddur.migrations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.database.Connections;
import cruddur.database.Folding;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Event;
import org.junit.jupiter.api.Test;

/**
 * Runs that end in the middle, with the process that ran them. One process migrates a database for
 * each step, stops there, and gets SIGKILL when all have arrived.
 */
class CrashTest {
  /** After the statements of a migration, before the history has it and before it is committed. */
  private static final List<String> STEPS =
      Stream.concat(MigrationFiles.inOrder().stream(), Stream.of("V901__later.sql")).toList();

  private static final String NOWHERE = "nowhere";

  private static final RetryPolicy LONG =
      new RetryPolicy(
          Duration.ofMinutes(1),
          1,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofMinutes(1),
          Duration.ofHours(1));

  /** The program of the other process: it migrates each database, and stops at the given step. */
  static final class Child {
    private Child() {}

    /** Arguments: URL, step, folder, and so on. */
    public static void main(String[] arguments) {
      var threads = Executors.newCachedThreadPool();
      for (var at = 0; at < arguments.length; at += 3) {
        var environment = Map.of("CONNECTION_URL", arguments[at]);
        var migrator =
            new Migrator(
                Connections.of(arguments[at], environment),
                false,
                LONG,
                List.of("classpath:" + arguments[at + 2]),
                List.of(stopAt(arguments[at + 1])));
        var _ = threads.submit(migrator::migrate);
      }
    }
  }

  private static Hook stopAt(String step) {
    return new Hook(
        Event.AFTER_EACH_MIGRATE,
        (script, _) -> {
          if (script.equals(step)) {
            System.out.println(step);
            new CompletableFuture<Void>().join();
          }
        });
  }

  @Test
  void completesWhatWasKilledAtAnyStep() throws Exception {
    var databases = new LinkedHashMap<String, TestDatabase>();
    for (var step : STEPS) {
      var database = step.equals("V1__tables.sql") ? TestDatabase.empty() : TestDatabase.before();
      if (!step.equals("V1__tables.sql")) {
        addUsers(database, 3);
      }
      databases.put(step, database);
    }
    var process = start(databases, "later");
    var arrived = new ArrayList<String>();
    while (arrived.size() < STEPS.size()) {
      arrived.add(process.readLine());
    }
    process.kill();
    assertEquals(STEPS.stream().sorted().toList(), arrived.stream().sorted().toList());

    var expected = columnsWithoutDropped(MigrateTest.fromSchemaFile());
    for (var database : databases.values()) {
      assertEquals("901", database.migrator("later").migrate().version());
      assertComplete(database);
      database.execute("alter table users drop column later");
      assertEquals(expected, columnsWithoutDropped(database));
    }
  }

  @Test
  void goesOnWhereABackfillWasKilledBetweenTwoBatches() throws Exception {
    var database = TestDatabase.before();
    addUsers(database, 1500);
    var refusal =
        new Hook(
            Event.BEFORE_EACH_MIGRATE,
            (script, _) -> {
              if (script.endsWith("FoldHandles")) {
                throw new FlywayException("refused");
              }
            });
    var upToTheBackfill = database.migrator(LONG, List.of(refusal));
    assertThrows(MigrationFailedException.class, upToTheBackfill::migrate);
    try (var holder =
        database.holder("select from users where display_name = 'User 1200' for update")) {
      var process = start(Map.of(NOWHERE, database), "later");
      database.await(
          "1",
          "select count(*) from pg_stat_activity"
              + " where datname = current_database() and wait_event_type = 'Lock'");
      assertEquals("1000", database.value("select count(handle_key) from users"));
      process.kill();
      holder.rollback();
    }
    assertEquals(MigrationFiles.newest(), database.migrator().migrate().version());
    assertComplete(database);
  }

  @Test
  void buildsAnIndexAgainThatWasKilledWhileItWasBuilt() throws Exception {
    var database = TestDatabase.migrated();
    try (var holder =
        database.holder(
            "insert into users (display_name, handle, email, cognito_user_id)"
                + " values ('a', 'a', 'a@example.com', 'sub-1')")) {
      var process = start(Map.of(NOWHERE, database), "building");
      database.await(
          "f",
          "select coalesce(bool_and(indisvalid), true) from pg_index"
              + " where indexrelid = to_regclass('users_display_name_key')");
      process.kill();
      database.rows("select pg_terminate_backend(pid) from pg_stat_progress_create_index");
      holder.rollback();
    }
    assertEquals("903", database.migrator("building").migrate().version());
    assertEquals(
        "t",
        database.value(
            "select indisvalid from pg_index"
                + " where indexrelid = 'users_display_name_key'::regclass"));
  }

  private static void addUsers(TestDatabase database, int count) {
    database.execute(
        """
        insert into users (uuid, display_name, handle, email, cognito_user_id)
        select
          cast(lpad(to_hex(number), 12, '0') || '7' || repeat('0', 3) || '8' || repeat('0', 15) as uuid),
          'User ' || number,
          'User-' || number,
          number || '@example.com',
          'sub-' || number
        from generate_series(1, %d) as number
        """
            .formatted(count));
  }

  private static void assertComplete(TestDatabase database) {
    for (var row : database.rows("select handle, handle_key from users")) {
      var columns = row.split("\\|");
      assertEquals(Folding.fold(columns[0]), columns[1]);
    }
    var history = database.history();
    assertEquals(history.stream().distinct().toList(), history);
    assertTrue(history.containsAll(STEPS.subList(1, STEPS.size() - 1)), history.toString());
    assertEquals(
        "0", database.value("select count(*) from pg_index where not indisvalid"), "indexes");
  }

  /** A dropped column stays in the catalog. */
  private static List<String> columnsWithoutDropped(TestDatabase database) {
    return Catalog.of(database).stream()
        .filter(line -> !line.contains("........pg.dropped"))
        .toList();
  }

  private record Running(Process process, BufferedReader output) {
    String readLine() throws Exception {
      return String.valueOf(output.readLine());
    }

    /** SIGKILL, and waits for the end. */
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  private static Running start(Map<String, TestDatabase> databases, String folder)
      throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName()));
    databases.forEach(
        (step, database) -> command.addAll(List.of(database.url("postgres"), step, folder)));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new Running(process, process.inputReader(StandardCharsets.UTF_8));
  }
}
