package cruddur.migrations;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;

/** The migrations of the code, compared with those that were applied to a database. */
record History(List<MigrationInfo> migrations, Optional<MigrationInfo> current) {
  private static final List<MigrationState> NEWER =
      List.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED);

  /** A migration that failed outside a transaction runs again. */
  private static final List<MigrationState> PENDING =
      List.of(MigrationState.PENDING, MigrationState.FAILED);

  History {
    migrations = List.copyOf(migrations);
  }

  static History of(MigrationInfoService info) {
    return new History(Arrays.asList(info.all()), Optional.ofNullable(info.current()));
  }

  /** The version of the database, or null if it has none. */
  @Nullable String version() {
    return current.map(migration -> migration.getVersion().getVersion()).orElse(null);
  }

  /** The migrations that a run applies, in order; none if the database is newer than the code. */
  List<Migration> pending() {
    var isNewer = migrations.stream().map(MigrationInfo::getState).anyMatch(NEWER::contains);
    return isNewer
        ? List.of()
        : migrations.stream()
            .filter(migration -> PENDING.contains(migration.getState()))
            .map(migration -> Migration.of(migration, Duration.ZERO))
            .toList();
  }

  /**
   * Checks that every versioned file is unchanged since it was applied. Also checks that no file
   * was added below the version of the database, where Flyway would skip it. Flyway's own
   * validation names versions instead of files.
   *
   * @throws MigrationFailedException if a file was changed, removed or added there
   */
  void check() {
    for (var migration : migrations) {
      if (migration.isVersioned()) {
        complaint(migration)
            .ifPresent(
                text -> {
                  throw new MigrationFailedException(
                      Migration.source(migration.getScript()) + " " + text);
                });
      }
    }
  }

  private static Optional<String> complaint(MigrationInfo migration) {
    var state = migration.getState();
    if (state == MigrationState.IGNORED) {
      return Optional.of("is older than the database: give it the next number");
    }
    if (state == MigrationState.MISSING_SUCCESS) {
      return Optional.of("was applied, and this code lacks it: restore the file");
    }
    var isSame =
        migration.isChecksumMatching()
            && migration.isDescriptionMatching()
            && migration.isTypeMatching();
    return isSame || !state.isApplied() || state.isFailed()
        ? Optional.empty()
        : Optional.of(
            "was changed after it had been applied: restore the file, and put the change into a new"
                + " one");
  }
}
