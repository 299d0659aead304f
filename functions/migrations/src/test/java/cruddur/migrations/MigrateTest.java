package cruddur.migrations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.database.Connections;
import cruddur.database.Folding;
import cruddur.testbed.Invocation;
import cruddur.testbed.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** From each state that a database can be in to the schema of this code. */
class MigrateTest {
  private static final List<String> FILES = MigrationFiles.inOrder();
  private static final String NEWEST = MigrationFiles.newest();

  @Test
  void runsOnTheServerThatItIsMeantFor() {
    var database = TestDatabase.empty();
    assertEquals(
        String.valueOf(TestDatabase.major()),
        database.value("select current_setting('server_version_num')::int / 10000"));
  }

  @Test
  void fillsAnEmptyDatabase() {
    var database = TestDatabase.empty();
    var start = System.nanoTime();
    var report = database.migrator().migrate();
    var took = Duration.ofNanos(System.nanoTime() - start);
    assertEquals(FILES, files(report.applied()));
    var ofFiles =
        report.applied().stream().map(Migration::time).reduce(Duration.ZERO, Duration::plus);
    assertTrue(ofFiles.isPositive() && ofFiles.compareTo(took) <= 0, ofFiles + " of " + took);
    assertEquals(
        List.of("fold handles", "clean names"),
        report.applied().stream()
            .filter(migration -> !migration.file().endsWith(".sql"))
            .map(Migration::description)
            .toList());
    assertEquals(NEWEST, report.version());
    assertEquals(database.name(), report.database());
    assertEquals(FILES, database.history());
    assertEquals(Catalog.of(fromSchemaFile()), Catalog.of(database));
  }

  @Test
  void doesNothingWhereNothingIsPending() {
    var database = TestDatabase.migrated();
    var report = database.migrator().migrate();
    assertEquals(List.of(), report.applied());
    assertEquals(List.of(), database.migrator().pending().pending());
    assertEquals(NEWEST, report.version());
    assertEquals(FILES, database.history());
  }

  @Test
  void saysWhatIsPendingAndChangesNothing() {
    var empty = TestDatabase.empty();
    var report = empty.migrator().pending();
    assertEquals(FILES, files(report.pending()));
    assertEquals(null, report.version());
    assertEquals("0", empty.value("select count(*) from pg_tables where schemaname = 'public'"));

    var before = TestDatabase.before();
    var catalog = Catalog.of(before);
    assertEquals(FILES.subList(1, FILES.size()), files(before.migrator().pending().pending()));
    assertEquals(catalog, Catalog.of(before));
  }

  @Test
  void upgradesADatabaseOfTheTimeBeforeWithItsData() {
    var database = TestDatabase.before();
    // More users than a batch has, two of them with handles that are the same in NFKC alone.
    database.execute(
        """
        insert into users (uuid, display_name, handle, email, cognito_user_id)
        select
          cast(lpad(to_hex(number), 12, '0') || '7' || repeat('0', 3) || '8' || repeat('0', 15) as uuid),
          'User ' || number,
          case number when 7 then 'Straße' when 8 then 'Kosh' when 2100 then 'ｋｏｓｈ' else 'user-' || number end,
          number || '@example.com',
          'sub-' || number
        from generate_series(1, 2500) as number;

        insert into activities (uuid, user_uuid, message, expires_at, idempotency_key)
        select uuid, uuid, 'Hello from ' || handle, now() + interval '24 hours', 'key'
        from users
        """);
    var activities = database.rows("select * from activities order by uuid");
    var users =
        database.rows(
            "select uuid, display_name, email, cognito_user_id, created_at from users order by"
                + " uuid");

    var report = database.migrator().migrate();

    assertEquals(FILES.subList(1, FILES.size()), files(report.applied()));
    assertEquals(1, report.renamed().size());
    assertEquals(activities, database.rows("select * from activities order by uuid"));
    assertEquals(
        users,
        database.rows(
            "select uuid, display_name, email, cognito_user_id, created_at from users order by"
                + " uuid"));
    for (var row : database.rows("select handle, handle_key from users")) {
      var columns = row.split("\\|");
      assertEquals(Folding.fold(columns[0]), columns[1]);
    }
    assertEquals(
        "Kosh", database.value("select handle from users where cognito_user_id = 'sub-8'"));
    assertEquals(
        "kosh-" + database.value("select left(md5('sub-2100'), 6)"),
        database.value("select handle from users where cognito_user_id = 'sub-2100'"));
    assertEquals(Catalog.of(fromSchemaFile()), Catalog.of(database));
  }

  /**
   * FoldHandles renames the third user. CleanNames also renames the sixth, whose handle is not
   * NFKC.
   */
  @Test
  void givesTheLongSuffixWhereTheShortOneIsTaken() {
    var database = TestDatabase.before();
    var third = database.value("select md5('sub-3')");
    var sixth = database.value("select md5('sub-6')");
    database.addUsers(
        "kiosh",
        "kıosh-" + third.substring(0, 6),
        "kıosh",
        "kosh",
        "kosh-" + sixth.substring(0, 6),
        "ＫＯＳＨ");
    assertEquals(2, database.migrator().migrate().renamed().size());
    assertEquals(
        List.of("kıosh-" + third, "KOSH-" + sixth),
        database.rows(
            "select handle from users where cognito_user_id in ('sub-3', 'sub-6') order by"
                + " cognito_user_id"));
  }

  @Test
  void failsWhereNoHandleIsFree() {
    var database = TestDatabase.before();
    var suffix = database.value("select md5('sub-4')");
    database.addUsers("kosh", "kosh-" + suffix.substring(0, 6), "kosh-" + suffix, "ＫＯＳＨ");
    assertFails(
        "cruddur.migrations.FoldHandles failed with SQLSTATE 23505", database.migrator()::migrate);
    assertEquals(
        "3", database.value("select count(handle_key) from users"), "each statement is committed");
  }

  /** A run fails with a message that begins so. */
  static void assertFails(String beginning, Executable run) {
    var message = assertThrows(MigrationFailedException.class, run).getMessage();
    assertTrue(message.startsWith(beginning), message);
  }

  @Test
  void letsTheCodeBeforeSignUsersUp() {
    var database = TestDatabase.before();
    signUpAsBefore(database, "sub-1", "Kosh");
    database.migrator().migrate();
    signUpAsBefore(database, "sub-2", "Londo");
    signUpAsBefore(database, "sub-3", "kOSH");
    signUpAsBefore(database, "sub-3", "kOSH");
    var suffix = database.value("select left(md5('sub-3'), 6)");
    assertEquals(
        List.of("sub-1|Kosh|kosh", "sub-2|Londo|londo", "sub-3|kOSH-" + suffix + "|kosh-" + suffix),
        database.rows(
            "select cognito_user_id, handle, handle_key from users order by cognito_user_id"));
    assertEquals(
        List.of("7", "7"),
        database.rows(
            "select substr(uuid::text, 15, 1) from users where cognito_user_id <> 'sub-1'"));
  }

  /** By the statement of that time, as its role. */
  private static void signUpAsBefore(TestDatabase database, String sub, String handle) {
    var statement =
        TestDatabase.resource("before/confirm.sql")
            .replace(":cognito_user_id", "'" + sub + "'")
            .replace(":display_name", "'" + handle + "'")
            .replace(":handle", "'" + handle + "'")
            .replace(":email", "'a@example.com'");
    database.rowsAs("cruddur_users", statement);
  }

  @Test
  void leavesANewerDatabaseAsItIs() {
    var database = TestDatabase.migrated();
    database.migrator("later").migrate();
    // Rights of the newer code, which this code's file would take away.
    database.execute(
        "grant update (message) on activities to cruddur_activities;"
            + " update flyway_schema_history set checksum = 1 where script = 'R__roles.sql'");
    var catalog = Catalog.of(database);
    var report = database.migrator().migrate();
    assertEquals(List.of(), report.applied());
    assertEquals("901", report.version());
    assertEquals(List.of(), database.migrator().pending().pending());
    assertEquals(catalog, Catalog.of(database));
  }

  @Test
  void appliesRolesAgainWhenTheirFileChanged() {
    var database = TestDatabase.migrated();
    database.execute(
        "grant update (message) on activities to cruddur_activities;"
            + " update flyway_schema_history set checksum = 1 where script = 'R__roles.sql'");
    assertEquals(List.of("R__roles.sql"), files(database.migrator().pending().pending()));
    assertEquals(List.of("R__roles.sql"), files(database.migrator().migrate().applied()));
    assertEquals(Catalog.of(fromSchemaFile()), Catalog.of(database));
  }

  @Test
  void namesAFileThatChangedAfterItWasApplied() {
    var database = TestDatabase.migrated();
    database.migrator("later").migrate();
    var catalog = Catalog.of(database);
    for (var run :
        List.<Executable>of(
            database.migrator("edited")::migrate, database.migrator("edited")::pending)) {
      assertFails("sql/migrations/V901__later.sql was changed after", run);
    }
    assertEquals(catalog, Catalog.of(database));
    database.execute("update flyway_schema_history set checksum = 2 where version = '7'");
    assertFails("cruddur.migrations.CleanNames was changed after", database.migrator()::migrate);
  }

  @Test
  void namesAFileBelowTheVersionOfTheDatabase() {
    var database = TestDatabase.migrated();
    database.migrator("mended").migrate();
    for (var run : List.<Consumer<Migrator>>of(Migrator::migrate, Migrator::pending)) {
      // Also with another one that is pending.
      for (var folders : List.of(List.of("later"), List.of("later", "mended", "waiting"))) {
        var migrator = database.migrator(folders.toArray(String[]::new));
        assertFails(
            "sql/migrations/V901__later.sql is older than the database: give it the next number",
            () -> run.accept(migrator));
      }
    }
  }

  @Test
  void namesTwoFilesOfOneVersion() {
    var database = TestDatabase.migrated();
    var failure =
        assertThrows(
            MigrationFailedException.class, database.migrator("later", "doubled")::migrate);
    for (var file : List.of("V901__later.sql", "V901__doubled.sql")) {
      assertTrue(failure.getMessage().contains(file), failure.getMessage());
    }
  }

  @Test
  void refusesToGoOnWithoutAFileThatWasApplied() {
    var database = TestDatabase.migrated();
    database.migrator("later").migrate();
    database.execute("delete from flyway_schema_history where version = '901'");
    database.execute(
        "insert into flyway_schema_history values (100, '5.1', 'gone', 'SQL', 'V5.1__gone.sql', 1,"
            + " 'postgres', now(), 1, true)");
    assertFails(
        "sql/migrations/V5.1__gone.sql was applied, and", database.migrator("later")::migrate);
  }

  @Test
  void takesTurnsWithOtherRuns() throws Exception {
    for (var database : List.of(TestDatabase.empty(), TestDatabase.before())) {
      var runs = new ArrayList<Callable<Report>>();
      for (var run = 0; run < 4; run++) {
        runs.add(database.migrator()::migrate);
      }
      var applied = new ArrayList<String>();
      try (var threads = Executors.newFixedThreadPool(runs.size())) {
        for (var run : threads.invokeAll(runs)) {
          assertEquals(NEWEST, run.get().version());
          applied.addAll(files(run.get().applied()));
        }
      }
      applied.sort(null);
      assertEquals(database.history().stream().sorted().toList(), applied);
      assertEquals(Catalog.of(fromSchemaFile()), Catalog.of(database));
    }
  }

  @Test
  void refusesTablesOfSomebodyElse() {
    var database = TestDatabase.empty();
    database.execute("create table users (name text)");
    var failure = assertThrows(MigrationFailedException.class, database.migrator()::migrate);
    assertTrue(failure.getMessage().contains("empty database"), failure.getMessage());
    assertEquals(
        "users",
        database.value(
            "select string_agg(tablename, ' ') from pg_tables where schemaname = 'public'"));
  }

  @Test
  void marksProductionAndNothingElse() {
    var comment =
        "select shobj_description(oid, 'pg_database') from pg_database"
            + " where datname = current_database()";
    var database = TestDatabase.empty();
    Migrator.of(database.environment(), RetryPolicy.DEPLOYMENT).migrate();
    assertEquals("null", database.value(comment));
    for (var run = 0; run < 2; run++) {
      Migrator.of(
              Map.of("CONNECTION_URL", database.url("postgres"), "STAGE", "production"),
              RetryPolicy.DEPLOYMENT)
          .migrate();
      assertEquals(ProductionMark.TEXT, database.value(comment));
    }
  }

  @Test
  void marksProductionAsTheScriptsDo() throws IOException {
    var script = Files.readString(Path.of("../../bin/lib/database.sh"));
    assertTrue(script.contains("'" + ProductionMark.TEXT + "'"));
  }

  /**
   * On RDS, the master user runs the migrations. It has the rights of rds_superuser and no more.
   */
  @Test
  void isRunByAMasterWhoIsNoSuperuser() {
    // So the roles exist already, made by another user.
    TestDatabase.migrated();
    var database = TestDatabase.empty();
    database.execute("drop role if exists master");
    database.execute(
        "create role master login createrole createdb; grant pg_monitor, pg_signal_backend to"
            + " master with admin option; grant cruddur_users, cruddur_activities, cruddur_feed,"
            + " cruddur_sweeper, cruddur_ingress, cruddur_session_ender to master with admin"
            + " option, set false, inherit false; alter database "
            + database.name()
            + " owner to master;"
            + " alter database template1 owner to master;"
            + " grant connect on database template1, postgres to public");
    var migrator =
        new Migrator(
            Connections.of(database.url("master"), Map.of()), true, RetryPolicy.DEPLOYMENT);
    assertEquals(FILES, files(migrator.migrate().applied()));
    database.execute("update flyway_schema_history set checksum = 1 where script like 'R%'");
    assertEquals(List.of("R__roles.sql"), files(migrator.migrate().applied()));
    assertMadeEverything("master", database);
    // It owns template1 here, as it does on RDS, and not postgres.
    assertEquals(
        "f", database.value("select has_database_privilege('public', 'template1', 'connect')"));
    assertEquals(
        "t", database.value("select has_database_privilege('public', 'postgres', 'connect')"));
    database.execute("alter database template1 owner to postgres");

    // As by bin/db-migrate, whose role is the superuser of bin/local.
    database.execute("update flyway_schema_history set checksum = 1 where script like 'R%'");
    var report = database.migrator("mended").migrate();
    assertEquals(List.of("V902__failing.sql", "R__roles.sql"), files(report.applied()));
    assertMadeEverything("master", database);

    database.execute("drop role if exists guest; create role guest login");
    for (var run : List.<Consumer<Migrator>>of(Migrator::migrate, Migrator::pending)) {
      var guest =
          new Migrator(
              Connections.of(database.url("guest"), Map.of()), false, RetryPolicy.DEPLOYMENT);
      assertFails(
          "master owns the database: sign in as that role, or as a member of it",
          () -> run.accept(guest));
    }
    assertNoSessionOf("guest", database);

    database.execute("alter table users owner to guest");
    var later =
        new Migrator(
            Connections.of(database.url("master"), Map.of()),
            false,
            RetryPolicy.DEPLOYMENT,
            List.of("classpath:mended", "classpath:waiting"),
            List.of());
    var failure = assertThrows(MigrationFailedException.class, later::migrate);
    assertTrue(
        failure.getMessage().contains("SQLSTATE 42501: the owner of the database must own"),
        failure.getMessage());

    database.execute("alter database " + database.name() + " owner to postgres");
    database.execute("reassign owned by master, guest to postgres; drop owned by master, guest");
    database.execute("drop role master, guest");
  }

  /**
   * Waits until a role has no session, for a minute at most. The server waits, since a wait here
   * would create garbage: its collection also closes lost connections.
   */
  private static void assertNoSessionOf(String role, TestDatabase database) {
    database.execute(
        """
        do $$
        begin
          for attempt in 1..6000 loop
            perform pg_stat_clear_snapshot();
            if not exists (select from pg_stat_activity where usename = '%1$s') then
              return;
            end if;
            perform pg_sleep(0.01);
          end loop;
          raise exception 'a session of %1$s is left';
        end
        $$
        """
            .formatted(role));
  }

  private static void assertMadeEverything(String role, TestDatabase database) {
    assertEquals(
        role,
        database.value(
            """
            select string_agg(distinct cast(owner as text), ' ')
            from (
              select relowner::regrole as owner, relnamespace as schema from pg_class
              union all
              select proowner::regrole as owner, pronamespace as schema from pg_proc
            ) as objects
            where schema = 'public'::regnamespace
            """));
    assertEquals(
        List.of("cruddur_session_ender", "cruddur_session_ender"),
        database.rows(
            "select nspowner::regrole from pg_namespace where nspname = 'ingress'",
            "select proowner::regrole from pg_proc where proname = 'end_sessions'"));
    // Such a member could end sessions.
    assertEquals(
        List.of(),
        database.rows(
            "select member::regrole from pg_auth_members where set_option"
                + " and roleid = 'cruddur_session_ender'::regrole"));
  }

  @Test
  void answersWithJson() {
    var database = TestDatabase.empty();
    var function = new Migrate(database.migrator());
    var dry = call(function, Invocation.sample("migrate.json"));
    assertTrue(
        dry.startsWith(
            "{\"version\":null,\"database\":\""
                + database.name()
                + "\",\"tls\":null,\"applied\":[],\"pending\":[{\"file\":\"V1__tables.sql\",\"version\":\"1\","
                + "\"description\":\"tables\",\"milliseconds\":0},"),
        dry);
    assertEquals(dry, call(function, "{\"dryRun\": true, \"unknown\": [1]}"));
    var invocation = new Invocation();
    var response =
        new String(
            invocation.call(function, "{}".getBytes(StandardCharsets.UTF_8)),
            StandardCharsets.UTF_8);
    assertTrue(
        response.matches(
            "\\{\"version\":\""
                + NEWEST
                + "\",\"database\":\"\\w+\",\"tls\":null,\"applied\":\\[\\{\"file\":\"V1__tables.sql\".*"
                + "\\{\"file\":\"R__roles.sql\",\"version\":null,\"description\":\"roles\","
                + "\"milliseconds\":\\d+}],\"pending\":\\[],\"cleaned\":0,"
                + "\"renamed\":0,\"renamedUsers\":\\[]}"),
        response);
    assertEquals(response + "\n", invocation.log());
    assertThrows(MigrationFailedException.class, () -> call(function, "[]"));
  }

  @Test
  void reportsTheTlsOfItsOwnConnection(@TempDir Path folder) throws Exception {
    var database = TestDatabase.migrated();
    Tls.certify(folder, "localhost");
    var url = database.url("postgres") + "?sslmode=require";
    var migrator = new Migrator(Connections.of(url, Map.of()), false, RetryPolicy.COMMAND_LINE);
    database.execute("alter system set ssl_cert_file = '" + folder.resolve("server.pem") + "'");
    database.execute("alter system set ssl_key_file = '" + folder.resolve("server.key") + "'");
    try {
      turnTls("on", database);
      assertEquals("TLSv1.3", migrator.pending().tls());
      assertEquals("TLSv1.3", migrator.migrate().tls());
    } finally {
      turnTls("off", database);
    }
  }

  private static void turnTls(String state, TestDatabase database) {
    database.execute("alter system set ssl = " + state);
    database.execute("select pg_reload_conf()");
    database.await(state, "show ssl");
  }

  private static String call(Migrate function, String event) {
    return call(function, event.getBytes(StandardCharsets.UTF_8));
  }

  private static String call(Migrate function, byte[] event) {
    return new String(new Invocation().call(function, event), StandardCharsets.UTF_8);
  }

  private static List<String> files(List<Migration> migrations) {
    return migrations.stream().map(Migration::file).toList();
  }

  /** A database that was made from {@code sql/schema.sql} and the file of the roles. */
  static TestDatabase fromSchemaFile() {
    var database = TestDatabase.empty();
    database.execute(TestDatabase.resource("postgres/sql/schema.sql"));
    database.execute(TestDatabase.resource("sql/migrations/R__roles.sql"));
    return database;
  }
}
