package cruddur.migrations;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;

/** The migrations of the code beside those that a database has had. */
record History(List<MigrationInfo> migrations, Optional<MigrationInfo> current) {
  private static final List<MigrationState> NEWER =
      List.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED);

  /** What failed outside a transaction runs again. */
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

  /** What a run applies, in order: nothing to a database that is newer than the code. */
  List<Migration> pending(SchemaState state) {
    var isNewer = migrations.stream().map(MigrationInfo::getState).anyMatch(NEWER::contains);
    return isNewer
        ? List.of()
        : migrations.stream()
            .filter(migration -> PENDING.contains(migration.getState()))
            .map(migration -> Migration.of(migration, Duration.ZERO))
            .filter(migration -> !state.has(migration))
            .toList();
  }

  /**
   * Checks that every versioned file is as it was when it was applied. Flyway does so too, but
   * names versions instead of files.
   *
   * @throws MigrationFailedException if one was changed or removed
   */
  void check() {
    for (var migration : (Iterable<MigrationInfo>) applied()::iterator) {
      if (migration.getState() == MigrationState.MISSING_SUCCESS) {
        throw new MigrationFailedException(
            "sql/migrations/%s was applied, and this code lacks it: restore the file"
                .formatted(migration.getScript()));
      }
      if (!migration.isChecksumMatching()
          || !migration.isDescriptionMatching()
          || !migration.isTypeMatching()) {
        throw new MigrationFailedException(
            "sql/migrations/%s was changed after it had been applied: restore the file, and put the change into a new one"
                .formatted(migration.getScript()));
      }
    }
  }

  private Stream<MigrationInfo> applied() {
    return migrations.stream()
        .filter(MigrationInfo::isVersioned)
        .filter(migration -> migration.getState().isApplied())
        .filter(migration -> !migration.getState().isFailed());
  }
}
