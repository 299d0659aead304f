package cruddur.database;

/**
 * A statement failed, or the connection for it. The message has the statement's file, the SQLSTATE
 * and the remedy. It never has a parameter's value, or the server's own message, which may quote
 * one. A repeat does not help, unless this is a {@link DatabaseUnavailableException}.
 */
public sealed class DatabaseException extends RuntimeException
    permits DatabaseUnavailableException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;

  DatabaseException(String what, String sqlState, String advice, Throwable cause) {
    super(what + " failed with SQLSTATE " + sqlState + ": " + advice, cause);
    this.sqlState = sqlState;
  }

  /** Five characters, as in appendix A of the PostgreSQL manual. */
  public final String sqlState() {
    return sqlState;
  }
}
