package cruddur.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import cruddur.database.DatabaseException;

/** Logs and counts failures. */
public final class Failures {
  /** "Invalid Authorization Specification" in appendix A of the PostgreSQL manual. */
  private static final String SIGN_IN_CLASS = "28";

  private Failures() {}

  /**
   * Logs a failure as an error. A failure of the database also counts by SQLSTATE. If the database
   * refused the function's sign-in, it also counts as the metric {@code SignInRefused}: an alarm
   * cannot search for the SQLSTATEs of a class.
   */
  public static void log(Throwable failure, Context context) {
    context.getLogger().log(describe(failure), LogLevel.ERROR);
    if (failure instanceof DatabaseException ofDatabase) {
      Metrics.count(context, "DatabaseFailure", "sqlState", ofDatabase.sqlState());
      if (ofDatabase.sqlState().startsWith(SIGN_IN_CLASS)) {
        Metrics.count(context, "SignInRefused");
      }
    }
  }

  /**
   * A failure and its causes, with their stack traces, for the log. Messages may quote what a user
   * sent, so they are left out, except those of the database module, which quote nothing.
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
