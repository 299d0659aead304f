package cruddur.database;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;

/**
 * What an SQLSTATE means for the call that met it (appendix A of the PostgreSQL manual). A fault in
 * time is worth another attempt; the others are for the caller to know.
 */
enum Fault {
  /** The connection is gone: cut, silent or ended by the server. */
  BROKEN(3, Duration.ofMillis(10), true, "the connection broke; try again"),
  /** No server answers there, or one that is starting, stopping or, after a failover, a replica. */
  RESTARTING(Integer.MAX_VALUE, Duration.ofMillis(100), true, "is the database running?"),
  /** The server has no connection to spare. */
  CROWDED(
      Integer.MAX_VALUE,
      Duration.ofMillis(100),
      true,
      "too many connections; lower the concurrency"),
  /** Another transaction was in the way, and this one was rolled back. */
  CONFLICT(3, Duration.ofMillis(20), false, "other transactions were in the way; try again"),
  /** The server does not accept the name, password or token. */
  REFUSED(2, Duration.ZERO, true, "check the user, its password or its rds_iam membership"),
  /** A statement or lock took longer than its timeout. */
  SLOW(1, Duration.ZERO, false, "took too long; look at bin/db-sessions"),
  /** The server lacks disk or memory, or the database is not there. */
  UNABLE(1, Duration.ZERO, true, "the server cannot serve; look at its log"),
  /** The statement and the schema do not fit each other. */
  BUG(1, Duration.ZERO, false, "is the schema of sql/schema.sql and sql/roles.sql loaded?");

  // Unlike a seeded one, it differs between the copies of one snapshot, which must not repeat in
  // step.
  private static final SecureRandom CHANCE = new SecureRandom();

  private static final String NO_SQL_STATE = "XX000";

  private final int attempts;
  private final Duration pause;
  private final boolean ofConnection;
  private final String advice;

  Fault(int attempts, Duration pause, boolean ofConnection, String advice) {
    this.attempts = attempts;
    this.pause = pause;
    this.ofConnection = ofConnection;
    this.advice = advice;
  }

  static Fault of(SQLException failure) {
    var sqlState = sqlState(failure);
    return switch (sqlState) {
      case "08001", "25006", "57P02", "57P03" -> RESTARTING;
      case "57P01", "57P05" -> BROKEN;
      case "40001", "40P01" -> CONFLICT;
      case "53300" -> CROWDED;
      case "55P03", "57014" -> SLOW;
      default ->
          switch (sqlState.substring(0, 2)) {
            case "08" -> BROKEN;
            case "28" -> REFUSED;
            case "3D", "53", "57", "58" -> UNABLE;
            default -> BUG;
          };
    };
  }

  private static String sqlState(SQLException failure) {
    return Objects.requireNonNullElse(failure.getSQLState(), NO_SQL_STATE);
  }

  /** True if the connection cannot be used any more. */
  boolean isOfConnection() {
    return ofConnection;
  }

  /** True if another attempt may succeed after so many. */
  boolean isWorthAnother(int attemptsMade) {
    return attemptsMade < attempts;
  }

  /**
   * How long to wait after so many attempts: up to eight times the first pause, half of it by
   * chance.
   */
  Duration pauseAfter(int attemptsMade) {
    var longest = pause.multipliedBy(1L << Math.min(attemptsMade - 1, 3)).toMillis();
    return Duration.ofMillis(longest - CHANCE.nextLong(longest / 2 + 1));
  }

  DatabaseException exception(String file, SQLException cause) {
    return this == BUG
        ? new DatabaseException(file, sqlState(cause), advice, cause)
        : new DatabaseUnavailable(file, sqlState(cause), advice, cause);
  }
}
