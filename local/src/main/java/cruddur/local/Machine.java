package cruddur.local;

import java.util.Map;

/** What this machine is called where AWS would have names of its own. */
final class Machine {
  /** The template's parameters that have another value here than their default. */
  static final Map<String, String> PARAMETERS = Map.of("Stage", "development");

  /** The region in which everything seems to run. */
  static final String REGION = "us-east-1";

  /** The account in which everything seems to run. */
  static final String ACCOUNT = "000000000000";

  /** The id of the user pool. */
  static final String USER_POOL = REGION + "_local";

  /** The id of the pool's client, which the page and the scripts use. */
  static final String CLIENT = "local";

  private Machine() {}
}
