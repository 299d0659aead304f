package cruddur.database;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.postgresql.util.GT;
import org.postgresql.util.PSQLException;

/**
 * The kinds of failures of the database. The SQLSTATE decides (appendix A of the PostgreSQL
 * manual), and the cause where pgjdbc gives several causes the same SQLSTATE. Each kind has its
 * advice, its pause and its highest number of attempts.
 */
enum FailureKind {
  /** The connection is gone: cut, silent or ended by the server. */
  BROKEN(3, Duration.ofMillis(10), true, "the connection broke; try again"),
  /** The server did not answer, or is starting, stopping or, after a failover, a standby. */
  NOT_READY(
      Integer.MAX_VALUE,
      Duration.ofMillis(100),
      true,
      "the server did not answer; is the database running, and may this network reach it?"),
  /** No process listens at the host and port. */
  NOT_LISTENING(
      Integer.MAX_VALUE,
      Duration.ofMillis(100),
      true,
      "nothing listens at the host and port of CONNECTION_URL; is the database running?"),
  /** The host's name does not resolve, which may pass after a failover. */
  HOST_UNKNOWN(
      Integer.MAX_VALUE,
      Duration.ofMillis(100),
      true,
      "the host name is unknown; check the host in CONNECTION_URL"),
  /** The peer does not speak PostgreSQL's protocol. */
  NOT_POSTGRESQL(
      1,
      Duration.ZERO,
      true,
      "the server is not PostgreSQL; check host and port in CONNECTION_URL"),
  /** No database has the name. */
  DATABASE_UNKNOWN(
      1, Duration.ZERO, true, "there is no such database; check its name in CONNECTION_URL"),
  /** The database allows no connections ({@code datallowconn}), or an object is not ready. */
  CLOSED(1, Duration.ZERO, true, "the database allows no connections now; see alter database"),
  /** The server's certificate has expired, or an authority that is not trusted signed it. */
  CERTIFICATE_UNTRUSTED(
      1, Duration.ZERO, true, "the server's certificate is not trusted; check sslrootcert"),
  /** The file of the trusted authorities cannot be read, or has no certificate. */
  ROOT_CERTIFICATE_UNUSABLE(
      1, Duration.ZERO, true, "the file of trusted certificates is not usable; check sslrootcert"),
  /** The server's certificate is trusted, but for another host. */
  CERTIFICATE_OF_ANOTHER_HOST(
      1, Duration.ZERO, true, "the server's certificate is for another host; check the host"),
  /** The server has no TLS, and the URL requires it. */
  TLS_NOT_OFFERED(
      1, Duration.ZERO, true, "the server offers no TLS; turn on its ssl, or check sslmode"),
  /** The server does not authenticate in the way that the URL requires. */
  AUTHENTICATION_UNSUITED(
      1,
      Duration.ZERO,
      true,
      "no acceptable way to sign in; check channel_binding, and TLS for it"),
  /** The server has no connection to spare. */
  TOO_MANY_CONNECTIONS(
      Integer.MAX_VALUE,
      Duration.ofMillis(100),
      true,
      "too many connections; lower the concurrency"),
  /** Another transaction was in the way, and this one was rolled back. */
  CONFLICT(3, Duration.ofMillis(20), false, "other transactions were in the way; try again"),
  /** The password or token is wrong, or the user does not exist. */
  PASSWORD_REFUSED(2, Duration.ZERO, true, "check the user and its password or token"),
  /** The server's rules do not let the user in from here. */
  ACCESS_DENIED(
      2, Duration.ZERO, true, "check the user, its rds_iam membership, and pg_hba.conf with TLS"),
  /** There is no password and nothing to sign a token with. */
  NO_CREDENTIALS(
      2, Duration.ZERO, true, "no AWS credentials sign a token; set a password in CONNECTION_URL"),
  /** A statement or lock took longer than its timeout. */
  TIMED_OUT(1, Duration.ZERO, false, "took too long; look at bin/db-sessions"),
  /** The server lacks disk or memory. */
  OUT_OF_RESOURCES(1, Duration.ZERO, true, "the server cannot serve; look at its log"),
  /** The statement and the schema do not fit each other. */
  BUG(1, Duration.ZERO, false, "are all migrations applied? see bin/db-migrate --dry-run");

  private static final String NO_SQL_STATE = "XX000";

  private final int attempts;
  private final Duration pause;
  private final boolean ofConnection;
  private final String advice;

  FailureKind(int attempts, Duration pause, boolean ofConnection, String advice) {
    this.attempts = attempts;
    this.pause = pause;
    this.ofConnection = ofConnection;
    this.advice = advice;
  }

  /** The kind of a failure. */
  static FailureKind of(SQLException failure) {
    var sqlState = sqlState(failure);
    return switch (sqlState) {
      case "08001" -> unreachable(failure);
      case "08004" -> rejected(failure);
      case "08006" -> broken(failure);
      case "08P01" -> isOfDriver(failure) ? NOT_POSTGRESQL : BROKEN;
      case "25006", "57P02", "57P03" -> NOT_READY;
      case "28000" -> failure.getCause() instanceof IOException ? NO_CREDENTIALS : ACCESS_DENIED;
      case "28P01" -> PASSWORD_REFUSED;
      case "3D000" -> DATABASE_UNKNOWN;
      case "40001", "40P01" -> CONFLICT;
      case "53300" -> TOO_MANY_CONNECTIONS;
      case "55000" -> CLOSED;
      case "55P03", "57014" -> TIMED_OUT;
      case "57P01", "57P05" -> BROKEN;
      default ->
          switch (sqlState.substring(0, 2)) {
            case "08" -> BROKEN;
            case "28" -> ACCESS_DENIED;
            case "53", "57", "58" -> OUT_OF_RESOURCES;
            default -> BUG;
          };
    };
  }

  private static FailureKind unreachable(SQLException failure) {
    return switch (failure.getCause()) {
      case ConnectException _ -> NOT_LISTENING;
      case UnknownHostException _ -> HOST_UNKNOWN;
      case null, default -> NOT_READY;
    };
  }

  private static FailureKind rejected(SQLException failure) {
    if (!isOfDriver(failure)) {
      return BROKEN;
    }
    // pgjdbc uses this SQLSTATE for several causes, and translates its messages.
    return GT.tr("The server does not support SSL.").equals(failure.getMessage())
        ? TLS_NOT_OFFERED
        : AUTHENTICATION_UNSUITED;
  }

  private static FailureKind broken(SQLException failure) {
    for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return CERTIFICATE_UNTRUSTED;
      }
      // An empty file has no trust anchor for the algorithm.
      if (cause instanceof FileNotFoundException
          || cause instanceof InvalidAlgorithmParameterException) {
        return ROOT_CERTIFICATE_UNUSABLE;
      }
    }
    // Without a cause, it is pgjdbc's own check of the name (org.postgresql.ssl.MakeSSL).
    return isOfDriver(failure) && failure.getCause() == null ? CERTIFICATE_OF_ANOTHER_HOST : BROKEN;
  }

  /** True if pgjdbc found the failure itself, and did not receive it from a server. */
  private static boolean isOfDriver(SQLException failure) {
    return failure instanceof PSQLException found && found.getServerErrorMessage() == null;
  }

  private static String sqlState(SQLException failure) {
    return Objects.requireNonNullElse(failure.getSQLState(), NO_SQL_STATE);
  }

  /** True if the connection cannot be used any more. */
  boolean isOfConnection() {
    return ofConnection;
  }

  /** True if another attempt may succeed after this number of them. */
  boolean allowsRetry(int attemptsMade) {
    return attemptsMade < attempts;
  }

  /** The pause before the next attempt, after a number of attempts. */
  Duration pauseAfter(int attemptsMade) {
    return new Backoff(pause).pauseAfter(attemptsMade);
  }

  /**
   * The exception for a failure of this kind.
   *
   * @param what failed: the path of a statement, or an action
   */
  DatabaseException exception(String what, SQLException cause) {
    return this == BUG
        ? new DatabaseException(what, sqlState(cause), advice, cause)
        : new DatabaseUnavailableException(what, sqlState(cause), advice, cause);
  }
}
