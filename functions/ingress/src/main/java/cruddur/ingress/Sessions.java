package cruddur.ingress;

import com.amazonaws.services.lambda.runtime.Context;
import cruddur.database.Database;
import cruddur.database.DatabaseException;
import cruddur.database.Sql;
import cruddur.events.Failures;
import cruddur.events.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The database's sessions, by the address that they come from: a security group lets those live on
 * that it once let in.
 */
final class Sessions {
  private static final Sql END_SESSIONS = Sql.load("ingress/end-sessions.sql");

  /** The rules are what matters most, and they must not wait for a database that is away. */
  private static final Duration LONGEST = Duration.ofSeconds(3);

  private final Database database;
  private final Context context;

  Sessions(Database database, Context context) {
    this.database = database;
    this.context = context;
  }

  /**
   * Ends the sessions from some addresses.
   *
   * @return how many were ended, for each address that had any; empty if the database could not be
   *     reached, which is logged
   */
  Optional<Map<Address, Integer>> end(Collection<Address> addresses) {
    var list = addresses.stream().map(Address::text).collect(Collectors.joining(","));
    try {
      var row = database.run(END_SESSIONS.query().bind("addresses", list), timeLeft());
      return Optional.of(counts(addresses, row.json()));
    } catch (DatabaseException failure) {
      Failures.log(failure, context);
      return Optional.empty();
    }
  }

  private static Map<Address, Integer> counts(Collection<Address> addresses, String json) {
    var ended = JsonObject.parse(json).orElseThrow();
    var counts = new HashMap<Address, Integer>();
    for (var address : addresses) {
      ended.scalar(address.text()).ifPresent(count -> counts.put(address, Integer.parseInt(count)));
    }
    return counts;
  }

  private Duration timeLeft() {
    var left = Duration.ofMillis(context.getRemainingTimeInMillis());
    return left.compareTo(LONGEST) < 0 ? left : LONGEST;
  }
}
