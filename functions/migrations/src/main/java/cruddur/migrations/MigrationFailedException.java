package cruddur.migrations;

import java.sql.SQLException;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;

/**
 * The database does not have the schema of this code. The message names the file or class, the
 * SQLSTATE and what to do. It has no cause and no message of the server, which may quote rows. The
 * server's log has that message.
 */
public final class MigrationFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  MigrationFailedException(String message) {
    super(message);
  }

  /** What failed and what to do; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /**
   * The failure of a run.
   *
   * @param file the file or class that ran, if one did
   * @param attempts of the run
   */
  static MigrationFailedException of(
      Optional<String> file, FlywayException failure, RetryPolicy retries, int attempts) {
    var where = file.map(Migration::source).orElse("the migration");
    return new MigrationFailedException(
        sqlState(failure)
            .map(
                sqlState ->
                    where + " failed with SQLSTATE " + sqlState + advice(sqlState, attempts))
            .orElseGet(() -> withoutSqlState(where, failure, retries)));
  }

  private static String advice(String sqlState, int attempts) {
    return switch (sqlState) {
      case LOCK_NOT_AVAILABLE ->
          (": in %d attempts, other sessions held a lock for too long; find those sessions with"
                  + " bin/db-sessions [prod], end them, and run again")
              .formatted(attempts);
      case INSUFFICIENT_PRIVILEGE ->
          ": the owner of the database must own its tables and functions, and be allowed to create"
              + " roles; correct that, and run again";
      default ->
          "; the server's log has its message. What was applied before stays; correct the cause"
              + " and run again";
    };
  }

  private static String withoutSqlState(
      String where, FlywayException failure, RetryPolicy retries) {
    return String.valueOf(failure.getMessage()).contains("advisory lock")
        ? "another run of the migrations did not end within %d s: look at bin/db-sessions"
            .formatted(retries.forOtherRun().toSeconds())
        // A message of Flyway's own, such as that of two files with one version. It names files and
        // quotes no row.
        : "%s failed before it reached the database: %s"
            .formatted(where, String.valueOf(failure.getMessage()).replaceAll("\\s+", " "));
  }

  /** The SQLSTATE of a failure's cause. */
  static Optional<String> sqlState(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException ofDatabase && ofDatabase.getSQLState() != null) {
        return Optional.of(ofDatabase.getSQLState());
      }
    }
    return Optional.empty();
  }
}
