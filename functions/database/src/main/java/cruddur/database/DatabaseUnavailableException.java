package cruddur.database;

/**
 * The database could not serve a call in the time that it had. Nothing was stored, or repeating the
 * call with the same key is safe.
 */
public final class DatabaseUnavailableException extends DatabaseException {
  private static final long serialVersionUID = 1L;

  DatabaseUnavailableException(String file, String sqlState, String advice, Throwable cause) {
    super(file, sqlState, advice, cause);
  }
}
