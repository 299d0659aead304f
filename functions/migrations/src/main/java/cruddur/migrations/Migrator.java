package cruddur.migrations;

import cruddur.database.Connections;
import cruddur.database.DatabaseUnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * Brings one database to the schema of {@code sql/migrations}, with Flyway. Each migration is a
 * transaction, unless its file says otherwise. After a crash, the next run completes the work.
 * Concurrent runs wait for each other. A database that is newer than this code stays unchanged.
 */
final class Migrator {
  private static final String FILES = "sql/migrations";

  private static final List<String> RETRYABLE = List.of("55P03", "40P01");

  /**
   * SQLSTATEs of a server that restarts or has no free connection, and of RDS before IAM has a new
   * role's rights.
   */
  private static final Pattern REFUSED_FOR_NOW = Pattern.compile("08...|28000|53300|57P0[1-3]");

  private static final String CONNECTION =
      """
      select
        current_database() as database,
        version as tls
      from pg_stat_ssl
      where pid = pg_backend_pid()
      """;

  private final Source source;
  private final boolean production;
  private final RetryPolicy retries;
  private final List<String> locations;
  private final List<Callback> callbacks;

  Migrator(Connections connections, boolean production, RetryPolicy retries) {
    this(connections, production, retries, List.of(), List.of());
  }

  /**
   * For tests, with further migrations and callbacks.
   *
   * @param locations of further migrations, in Flyway's form
   */
  Migrator(
      Connections connections,
      boolean production,
      RetryPolicy retries,
      List<String> locations,
      List<Callback> callbacks) {
    this.source = new Source(connections, retries);
    this.production = production;
    this.retries = retries;
    this.locations = List.copyOf(locations);
    this.callbacks = List.copyOf(callbacks);
  }

  /**
   * The database of {@code CONNECTION_URL}, which is marked as production where {@code STAGE} is
   * {@code production}.
   *
   * @throws IllegalArgumentException if the URL is absent or malformed
   */
  static Migrator of(Map<String, String> environment, RetryPolicy retries) {
    var url = environment.getOrDefault("CONNECTION_URL", "");
    return new Migrator(
        Connections.of(url, environment), "production".equals(environment.get("STAGE")), retries);
  }

  /**
   * Lists what a run would apply, and changes nothing.
   *
   * @throws MigrationFailedException if a run would be refused
   * @throws cruddur.database.DatabaseException if the database cannot be reached
   */
  Report pending() {
    try {
      var state = readState();
      var history = History.of(flyway(state, List.of(), new NameChanges()).info());
      history.check();
      return report(history, List.of(), history.pending(), new NameChanges());
    } catch (FlywayException failure) {
      throw MigrationFailedException.of(Optional.empty(), failure, retries, 1);
    }
  }

  /**
   * Applies what is pending.
   *
   * @throws MigrationFailedException if a migration failed, or must not run; those before it stay
   *     applied
   * @throws cruddur.database.DatabaseException if the database cannot be reached
   */
  Report migrate() {
    var progress = new Progress(retries.lockTimeout());
    var changes = new NameChanges();
    awaitDatabase();
    var end = System.nanoTime() + retries.forAttempts().toNanos();
    for (var attempt = 1; ; attempt++) {
      progress.beginAttempt();
      try {
        return migrate(progress, changes);
      } catch (FlywayException failure) {
        var isLast = attempt == retries.attempts() || isOver(end);
        if (isLast || !isRetryable(failure)) {
          throw MigrationFailedException.of(progress.file(), failure, retries, attempt);
        }
        sleep(retries.pauseAfter(attempt));
      }
    }
  }

  private static boolean isRetryable(FlywayException failure) {
    // Another run has failed outside a transaction since this attempt began. Flyway has no error
    // code for it.
    return String.valueOf(failure.getMessage()).contains("contains a failed migration")
        || MigrationFailedException.sqlState(failure).filter(RETRYABLE::contains).isPresent();
  }

  /** Connects until it succeeds or the time is over. It only reads, so a repeat is harmless. */
  private void awaitDatabase() {
    var end = System.nanoTime() + retries.forConnection().toNanos();
    for (var attempt = 1; ; attempt++) {
      try {
        readState();
        return;
      } catch (DatabaseUnavailableException refused) {
        if (isOver(end) || !isRefusedForNow(refused.sqlState())) {
          throw refused;
        }
      } catch (FlywayException failure) {
        // The connection ended before the first statement did.
        var sqlState = MigrationFailedException.sqlState(failure).orElse("");
        if (isOver(end) || !isRefusedForNow(sqlState)) {
          throw MigrationFailedException.of(Optional.empty(), failure, retries, attempt);
        }
      }
      sleep(retries.pauseAfter(attempt));
    }
  }

  private static boolean isOver(long end) {
    // Exactly at the end, another attempt would also be correct. No test can time that.
    return System.nanoTime() - end >= 0;
  }

  private static boolean isRefusedForNow(String sqlState) {
    return REFUSED_FOR_NOW.matcher(sqlState).matches();
  }

  private Report migrate(Progress progress, NameChanges changes) {
    var state = readState();
    if (state == SchemaState.MIGRATED) {
      // A migration that failed outside a transaction may run again: its file first removes what it
      // left.
      execute("delete from " + SchemaState.HISTORY + " where not success");
    }
    var all = new ArrayList<Callback>(callbacks);
    all.add(0, progress);
    var flyway = flyway(state, all, changes);
    var history = History.of(flyway.info());
    history.check();
    if (!history.pending().isEmpty()) {
      flyway.migrate();
      history = History.of(flyway.info());
    }
    if (production) {
      execute(ProductionMark.MARK);
    }
    return report(history, progress.applied(), List.of(), changes);
  }

  private Flyway flyway(SchemaState state, List<Callback> all, NameChanges changes) {
    var configuration =
        Flyway.configure()
            .dataSource(source)
            .locations(
                Stream.concat(Stream.of("classpath:" + FILES), locations.stream())
                    .toArray(String[]::new))
            .javaMigrations(new FoldHandles(changes), new CleanNames(changes))
            .callbacks(all.toArray(Callback[]::new))
            .baselineOnMigrate(state == SchemaState.BEFORE_MIGRATIONS)
            .baselineVersion(SchemaState.BASELINE)
            .baselineDescription("before migrations")
            .lockRetryCount(Math.toIntExact(retries.forOtherRun().toSeconds()))
            // Files have no placeholders, and an invalid file name is an error.
            .placeholderReplacement(false)
            .validateMigrationNaming(true)
            // History.check does this, and names files.
            .validateOnMigrate(false)
            .cleanDisabled(true)
            // Flyway logs statements; slf4j-nop drops them.
            .loggers("slf4j");
    // With its lock in a transaction, Flyway would block a concurrent index build for ever.
    configuration
        .getPluginRegister()
        .getExact(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }

  private SchemaState readState() {
    try (var connection = source.getConnection()) {
      var state = SchemaState.read(connection);
      if (state == SchemaState.FOREIGN) {
        throw new MigrationFailedException(
            "the database has tables, but not those of a version of Cruddur, and no history of"
                + " migrations: start with an empty database");
      }
      return state;
    } catch (SQLException failure) {
      throw new FlywayException(failure);
    }
  }

  private void execute(String command) {
    try (var connection = source.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(command);
    } catch (SQLException failure) {
      throw new FlywayException(failure);
    }
  }

  private Report report(
      History history, List<Migration> applied, List<Migration> pending, NameChanges changes) {
    // Only the role that signed in sees the TLS of its sessions.
    try (var connection = source.connections().open();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(CONNECTION)) {
      rows.next();
      return new Report(
          rows.getString("database"),
          history.version(),
          rows.getString("tls"),
          applied,
          pending,
          changes.cleaned(),
          changes.renamed());
    } catch (SQLException failure) {
      throw new FlywayException(failure);
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
