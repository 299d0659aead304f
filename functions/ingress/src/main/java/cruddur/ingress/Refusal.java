package cruddur.ingress;

import java.util.Locale;

/** Why an order that is sound was not carried out. */
enum Refusal {
  RULES_LIMIT_REACHED(409, "the group has all the rules that its quota allows; close some"),
  ADDRESS_SHARED_BY_TOO_MANY(409, "a rule has room for 16 workspaces; close one at this address"),
  ADDRESS_OPENED_BY_OTHERS(409, "a rule that this function did not make opens it already"),
  WORKSPACE_MOVED(409, "another call opened it for another address at the same time"),
  EC2_THROTTLED(503, "EC2 has too many requests from this account; try again"),
  EC2_UNAVAILABLE(503, "EC2 did not answer, or AWS_REGION or its credentials are not set"),
  RULE_NOT_VISIBLE(503, "the rule could not be read back in time; try again"),
  SECURITY_GROUP_NOT_FOUND(500, "SECURITY_GROUP_ID does not name a group"),
  EC2_ACCESS_DENIED(500, "the function's policy does not allow it"),
  EC2_REFUSED(500, "EC2 did not accept the request");

  private final int status;
  private final String advice;

  Refusal(int status, String advice) {
    this.status = status;
    this.advice = advice;
  }

  /** What EC2's error codes mean here (Amazon EC2 API Reference, "Error codes"). */
  static Refusal ofErrorCode(String errorCode) {
    return switch (errorCode) {
      case "RulesPerSecurityGroupLimitExceeded" -> RULES_LIMIT_REACHED;
      case "TagLimitExceeded" -> ADDRESS_SHARED_BY_TOO_MANY;
      case "RequestLimitExceeded", "Throttling", "ThrottlingException" -> EC2_THROTTLED;
      case "InternalError", "InternalFailure", "ServiceUnavailable", "Unavailable" ->
          EC2_UNAVAILABLE;
      case "InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidSecurityGroupID.NotFound" ->
          SECURITY_GROUP_NOT_FOUND;
      case "UnauthorizedOperation", "AccessDenied", "AuthFailure" -> EC2_ACCESS_DENIED;
      default -> EC2_REFUSED;
    };
  }

  /** HTTP status. */
  int status() {
    return status;
  }

  /** As the contract's errors have it. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  String advice() {
    return advice;
  }

  /** True if the same call may succeed a little later. */
  boolean isPassing() {
    return status == 503;
  }
}
