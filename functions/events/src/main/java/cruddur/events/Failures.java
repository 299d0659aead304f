package cruddur.events;

import cruddur.database.DatabaseException;

/** Tells the log of a failure. */
public final class Failures {
  private Failures() {}

  /**
   * What failed, where and why, for the log: the failure and its causes with their stack traces.
   * Messages are left out, since they may quote what a user sent; those of the database module do
   * not, and stay.
   */
  public static String describe(Throwable failure) {
    var text = new StringBuilder();
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      text.append(text.isEmpty() ? "" : "\nCaused by: ").append(cause.getClass().getName());
      if (cause instanceof DatabaseException) {
        text.append(": ").append(cause.getMessage());
      }
      for (var frame : cause.getStackTrace()) {
        text.append("\n\tat ").append(frame);
      }
    }
    return text.toString();
  }
}
