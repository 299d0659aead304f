package cruddur.database;

/**
 * A statement that failed. The message names its file, the SQLSTATE and what to do, never a
 * parameter's value; nor does it repeat the server's own message, which may quote one. Unless it is
 * a {@link DatabaseUnavailableException}, repeating the call will not help.
 */
public sealed class DatabaseException extends RuntimeException
    permits DatabaseUnavailableException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final String sqlState;

  DatabaseException(String file, String sqlState, String advice, Throwable cause) {
    super("sql/" + file + " failed with SQLSTATE " + sqlState + ": " + advice, cause);
    this.file = file;
    this.sqlState = sqlState;
  }

  /** Path of the statement below {@code sql/}. */
  public final String file() {
    return file;
  }

  /** Five characters, as in appendix A of the PostgreSQL manual. */
  public final String sqlState() {
    return sqlState;
  }
}
