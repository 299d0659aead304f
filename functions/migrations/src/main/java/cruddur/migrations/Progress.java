package cruddur.migrations;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.jspecify.annotations.Nullable;

/** The migrations that a run has applied, in all its attempts, and the current one. */
final class Progress extends BaseCallback {
  private final Duration lockTimeout;
  private final SequencedMap<String, Migration> applied = new LinkedHashMap<>();
  private @Nullable MigrationInfo current;
  private long startNanos;

  Progress(Duration lockTimeout) {
    this.lockTimeout = lockTimeout;
  }

  /** Clears the file at which the previous attempt failed. */
  void beginAttempt() {
    current = null;
  }

  /** In order; a migration that was rolled back and applied again occurs once. */
  List<Migration> applied() {
    return List.copyOf(applied.values());
  }

  /** The file that is running, or that failed. */
  Optional<String> file() {
    return Optional.ofNullable(current).map(MigrationInfo::getScript);
  }

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.BEFORE_EACH_MIGRATE
        || event == Event.AFTER_EACH_MIGRATE
        || event == Event.AFTER_MIGRATE;
  }

  @Override
  public void handle(Event event, Context context) {
    if (event == Event.BEFORE_EACH_MIGRATE) {
      current = context.getMigrationInfo();
      startNanos = System.nanoTime();
      setLockTimeout(context);
    } else if (event == Event.AFTER_EACH_MIGRATE) {
      // Flyway calls this before the history has the migration, and before the commit.
      var time = Duration.ofNanos(System.nanoTime() - startNanos);
      var migration = Migration.of(context.getMigrationInfo(), time);
      applied.put(migration.file(), migration);
    } else {
      current = null;
    }
  }

  /** Sets it before each migration, since a file may have changed it. */
  private void setLockTimeout(Context context) {
    try (var statement = context.getConnection().createStatement()) {
      statement.execute("set lock_timeout = " + lockTimeout.toMillis());
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
