package cruddur.ingress;

import com.amazonaws.services.lambda.runtime.Context;
import cruddur.database.Database;
import cruddur.database.DatabaseException;
import cruddur.database.Sql;
import cruddur.lambda.Failures;
import cruddur.lambda.JsonObject;
import cruddur.lambda.TimeLeft;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Ends database sessions by their client's address, and counts them during one call. */
final class Sessions {
  private static final Sql END_SESSIONS = Sql.load("ingress/end-sessions.sql");

  private final Database database;
  private final Context context;
  private final Map<String, Integer> counts = new HashMap<>();
  private boolean isDatabaseAvailable = true;

  Sessions(Database database, Context context) {
    this.database = database;
    this.context = context;
  }

  /** Ends the sessions from these addresses. A failure of the database is logged. */
  void end(List<String> addresses) {
    if (addresses.isEmpty() || !isDatabaseAvailable) {
      return;
    }
    var query = END_SESSIONS.query().bind("addresses", String.join(",", addresses));
    try {
      // Half of the time stays for the rules, which matter more.
      var row = database.run(query, TimeLeft.of(context).dividedBy(2));
      var ended = JsonObject.parse(row.text("sessions_ended")).orElseThrow();
      for (var address : addresses) {
        counts.merge(address, Integer.parseInt(ended.scalar(address).orElse("0")), Integer::sum);
      }
    } catch (DatabaseException failure) {
      Failures.log(failure, context);
      isDatabaseAvailable = false;
    }
  }

  /** Sessions from an address that were ended; empty if the database was not available. */
  OptionalInt ended(String address) {
    return isDatabaseAvailable
        ? OptionalInt.of(counts.getOrDefault(address, 0))
        : OptionalInt.empty();
  }
}
