package cruddur.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cruddur.postgres.Proxy;
import cruddur.testbed.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README's promise for each fault, and proofs that the tests find a broken one. */
class FaultsTest {
  private static final boolean LONG = Boolean.getBoolean("faults.long");
  private static final String WITHOUT = System.getenv().getOrDefault("FAULTS_WITHOUT", "");
  private static final Fault CUT =
      new Fault("connections cut", true, (its, _) -> its.network(Proxy::cut));
  private static final int POSTERS = LONG ? 6 : 4;

  /** Keeps the log that a stopped standby needs when it starts again. */
  private static final String SETTINGS = "-c max_connections=40 -c wal_keep_size=256MB";

  @TempDir static Path folder;
  private static FaultFixture fixture;
  private static PackagedMigrator migrator;

  @BeforeAll
  static void start() throws Exception {
    var server = Server.start(folder.resolve("postgres"), SETTINGS);
    migrator = new PackagedMigrator(Files.createDirectory(folder.resolve("migrations")));
    migrator.make(server);
    fixture = open(server, server.port(), "", POSTERS);
    if (LONG) {
      fixture.addFeedStandby();
    }
    if (WITHOUT.equals("reconnect")) {
      fixture.disableReconnect();
    }
  }

  @AfterAll
  static void stop() throws IOException {
    fixture.close();
    fixture.server().close();
  }

  static List<Fault> faults() {
    return Fault.all().stream().filter(fault -> LONG || fault.brief()).toList();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void nothingIsLostOrDoubledAndServiceIsBackInFiveSeconds(Fault fault) throws Exception {
    if (fault.needsRoot() && !Machine.isRoot()) {
      skip(fault + ", which needs root");
    }
    assertKept(fixture, fault);
  }

  @Test
  void nothingIsLostBehindAPooler() throws Exception {
    assumeTrue(LONG, "only in the long form");
    if (!Pooler.isInstalled()) {
      skip("PgBouncer");
    }
    try (var pooler = new Pooler(fixture.server(), fixture.folder("pooler"));
        var pooled = open(fixture.server(), pooler.port(), "?prepareThreshold=0", 4)) {
      assertKept(pooled, new Fault("PgBouncer: sessions ended", false, Fault::terminate));
      assertKept(
          pooled, new Fault("PgBouncer: server restarted", false, (its, _) -> Fault.restart(its)));
      assertKept(
          pooled, new Fault("PgBouncer: killed, started again", false, (_, _) -> pooler.restart()));
    }
  }

  @Test
  void aUserWhoseSignUpFailedGetsOneRowBySigningIn() throws Exception {
    assumeTrue(LONG, "only in the long form");
    try (var own = open(fixture.server(), fixture.server().port(), "", POSTERS)) {
      own.addFeedStandby();
      var calls = own.calls(new Ledger());
      var users = Stream.generate(() -> PoolUser.unknown(calls)).limit(10).toList();
      var result =
          own.play(
              new Fault(
                  "trigger fails for ten sign-ups, then all sign in",
                  false,
                  (its, _) -> {
                    its.server().stop("fast");
                    users.forEach(user -> assertFalse(user.confirm()));
                    its.server().start();
                    users.forEach(user -> assertTrue(user.signIn()));
                  }),
              !WITHOUT.equals("keys"));
      result.report();
      var rows = calls.ledger().rows(own.server(), calls.ledger().confirmed());
      assertEquals(10, rows.size());
      assertEquals(Set.of(1), Set.copyOf(rows.values()), rows.toString());
      assertEquals(List.of(), calls.ledger().wrongs());
      assertEquals(List.of(), result.broken());
    }
  }

  /** The updater has a test of its own for expired leases. */
  @Test
  void theSweepRemovesWhatExpiredWhileItWasDownAndNothingElse() throws Exception {
    var result = fixture.play(Fault.sweep(), true);
    result.report();
    assertEquals(0, fixture.overdue());
    assertPromisesKept(result);
  }

  @Test
  void noCallFailsWhileTheDatabaseIsMigrated() throws Exception {
    var migration = new Fault("a migration: column, index, roles", true, (its, _) -> migrate(its));
    var result = fixture.play(migration, true);
    result.report();
    assertPromisesKept(result);
    assertEquals(0, result.unavailable(), result.row());
  }

  /** For a fault that no call may meet. */
  private static void assertPromisesKept(Result result) {
    var broken = result.broken();
    broken.remove(Result.NOT_MET);
    assertEquals(List.of(), broken);
  }

  private static void migrate(FaultFixture fixture) throws Exception {
    var files = migrator.change();
    fixture.execute(PackagedMigrator.RIGHTS_CHANGED);
    var applied = migrator.migrate(fixture.server());
    for (var file : files) {
      assertTrue(applied.contains("applied " + file), applied);
    }
    assertTrue(applied.contains("applied R__roles.sql"), applied);
  }

  @Test
  void withoutKeysPostsAreFoundDoubled() throws Exception {
    var lost = new Fault("without keys", true, Fault::loseAllReplies);
    var result = fixture.play(lost, false);
    assertTrue(result.balance().doubled() > 0, result.row());
    assertTrue(result.broken().toString().contains("doubled"), result.row());
  }

  @Test
  void withoutTheReconnectServiceIsFoundNotToComeBack() throws Exception {
    var server = fixture.server();
    try (var broken = open(server, server.port(), "", 1)) {
      broken.disableReconnect();
      var result = broken.play(CUT, true);
      assertTrue(result.broken().toString().contains("not back"), result.row());
    }
  }

  @Test
  void aRowThatDisappearsIsFoundLost() throws Exception {
    var theft = new Fault("theft", true, (its, _) -> its.execute("delete from activities"));
    var result = fixture.play(theft, true);
    assertTrue(result.balance().lost() > 0, result.row());
    assertTrue(result.broken().toString().contains("lost"), result.row());
  }

  private static void assertKept(FaultFixture where, Fault fault) throws Exception {
    var result = where.play(fault, !WITHOUT.equals("keys"));
    result.report();
    assertEquals(List.of(), result.broken());
    where.awaitFeedStandby();
  }

  private static FaultFixture open(Server server, int targetPort, String settings, int posters)
      throws IOException {
    var own = Files.createTempDirectory(folder, "fixture");
    return new FaultFixture(own, server, targetPort, settings, Map.of(), posters);
  }

  private static void skip(String what) {
    if (Machine.mustHaveAll()) {
      fail("missing: " + what);
    }
    abort("missing: " + what);
  }
}
