package cruddur.database;

/**
 * The database could not be reached, or could not run the statement. A later repeat may succeed. It
 * is safe if the statement is idempotent.
 */
public final class DatabaseUnavailableException extends DatabaseException {
  private static final long serialVersionUID = 1L;

  DatabaseUnavailableException(String what, String sqlState, String advice, Throwable cause) {
    super(what, sqlState, advice, cause);
  }
}
