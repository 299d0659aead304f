package cruddur.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packaged functions under SnapStart: priming, checkpoint and restore. */
class SnapStartTest {
  private static final String CREATE = "CreateActivityFunction";
  private static final String CONFIRM = "PostConfirmationFunction";
  private static final String BACKENDS =
      "select from pg_stat_activity where usename like 'cruddur\\_%'";

  private static Bundle bundle;

  @BeforeAll
  static void start() throws Exception {
    bundle = Bundle.start(Path.of("..").toAbsolutePath().normalize());
  }

  @AfterAll
  static void stop() {
    bundle.close();
  }

  @Test
  void aPrimingCallRunsTheStatementAndLeavesNoRow() throws Exception {
    bundle.execute("update users set cognito_user_id = reverse(cognito_user_id)");
    bundle.execute("select pg_stat_reset()");
    var users = bundle.value("select count(*) from users");
    try (var _ = new FunctionProcess(bundle.snapStart(CONFIRM))) {
      // The rows that were written and rolled back.
      awaitTrue("select n_tup_ins > 0 from pg_stat_user_tables where relname = 'users'");
      assertEquals(users, bundle.value("select count(*) from users"));
    } finally {
      bundle.execute("update users set cognito_user_id = reverse(cognito_user_id)");
    }
  }

  @Test
  void aPrimingCallCountsNothingAndTheFirstCallIsAColdStart() throws Exception {
    try (var process = new FunctionProcess(bundle.snapStart(CREATE))) {
      assertTrue(
          process.log().matches("Picked up JAVA_TOOL_OPTIONS: .*\nprimed: \\d+ calls in \\d+ ms\n"),
          process.log());
      process.restore();
      process.call(bundle.event("create-activity.json"));
      assertTrue(process.log().contains("\"ColdStart\":1"), process.log());
      assertTrue(process.log().contains("\"Created\":1"), process.log());
    }
  }

  @Test
  void aRestoredCopyLoadsFewClassesOfItsOwn() throws Exception {
    try (var process = new FunctionProcess(bundle.snapStart(CREATE, "-Xlog:class+load:stdout"))) {
      var before = process.log().length();
      process.restore();
      process.call(bundle.event("create-activity.json"));
      var loaded =
          process.log().substring(before).lines().filter(line -> line.contains("class,load"));
      // Two lambdas of the runtime client cannot be made earlier. Without SnapStart.LOADED_LATE, 12
      // classes were loaded.
      assertTrue(loaded.count() <= 4, process.log().substring(before));
    }
  }

  @Test
  void noConnectionOutlivesTheCheckpointAndEachCopyOpensItsOwn() throws Exception {
    try (var process = new FunctionProcess(bundle.snapStart(CREATE))) {
      awaitTrue("select not exists (" + BACKENDS + ")");
      process.restore();
      process.call(bundle.event("create-activity.json"));
      assertEquals("1", bundle.value("select count(*) from (" + BACKENDS + ") as backends"));
    }
  }

  @Test
  void failedPrimingIsLoggedInOneLineAndTheFunctionServesLater() throws Exception {
    bundle.execute("alter table activities rename to activities_later");
    try (var process = new FunctionProcess(bundle.snapStart(CREATE))) {
      var log = process.log();
      assertTrue(log.contains("\nnot primed") && log.contains("42P01"), log);
      // The first line is the JVM's, with its options.
      assertEquals(2, log.lines().count(), log);
      bundle.execute("alter table activities_later rename to activities");
      process.restore();
      process.call(bundle.event("create-activity.json"));
    }
  }

  /** Waits, as a backend ends and reports its statistics some time after its connection. */
  private static void awaitTrue(String query) throws Exception {
    var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!bundle.value(query).equals("t")) {
      assertTrue(System.nanoTime() < deadline, query);
      Thread.sleep(20);
    }
  }
}
