package cruddur.local.template;

import java.util.Map;

/** The account, the region and the ids that stand in for AWS's. */
public final class LocalAccount {
  /** The template's parameters with another value than their default. */
  static final Map<String, String> PARAMETERS = Map.of("Stage", "development");

  /** The region. */
  public static final String REGION = "us-east-1";

  /** The id of the account. */
  public static final String ACCOUNT = "000000000000";

  /** The id of the stack. */
  static final String STACK_ID =
      "arn:aws:cloudformation:%s:%s:stack/cruddur/00000000-0000-0000-0000-000000000000"
          .formatted(REGION, ACCOUNT);

  /** The id of the user pool. */
  public static final String USER_POOL = REGION + "_local";

  /** The id of the pool's client, which the page and the scripts use. */
  public static final String CLIENT = "local";

  private LocalAccount() {}
}
