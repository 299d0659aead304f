package cruddur.ingress;

import cruddur.lambda.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A command is invalid, or failed; the next call completes a failed one. The message begins with
 * the response's body: the error codes, as a JSON array.
 */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient HttpResponse response;

  /** An invalid command. It is not a bug, so there is no stack trace. */
  RefusedException(int status, List<String> codes) {
    var error = HttpResponse.error(status, codes);
    super(error.body(), null, false, false);
    this.response = error;
  }

  /** A valid command failed. The detail for the log is EC2's code, or the network's failure. */
  RefusedException(Reason reason, String detail, @Nullable Throwable cause) {
    var error = HttpResponse.error(reason.status, reason.name().toLowerCase(Locale.ROOT));
    super(error.body() + " " + reason.advice + detail, cause);
    this.response = reason.status == 503 ? error.with("retry-after", "2") : error;
  }

  /** The response to a request of the HTTP API. */
  HttpResponse response() {
    return response;
  }

  /** Why a valid command failed. The contract's error code is the name in lower case. */
  enum Reason {
    RULES_LIMIT_REACHED(409, "the group has all the rules that its quota allows; close some"),
    ADDRESS_SHARED_BY_TOO_MANY(409, "EC2 allows 50 tags, so 49 leases; close one at this address"),
    ADDRESS_OPENED_BY_OTHERS(409, "a rule that this function did not make opens it already"),
    EC2_THROTTLED(503, "EC2 has too many requests from this account; try again"),
    EC2_UNAVAILABLE(503, "EC2 did not answer, or AWS_REGION or its credentials are not set"),
    RULE_NOT_VISIBLE(503, "the rule could not be read back in time; try again"),
    SECURITY_GROUP_NOT_FOUND(500, "SECURITY_GROUP_ID does not name a group"),
    EC2_ACCESS_DENIED(500, "the function's policy does not allow it"),
    EC2_REFUSED(500, "EC2 did not accept the request");

    private final int status;
    private final String advice;

    Reason(int status, String advice) {
      this.status = status;
      this.advice = advice;
    }

    /** The meaning of EC2's error codes here (Amazon EC2 API Reference, "Error codes"). */
    static Reason ofErrorCode(String errorCode) {
      return switch (errorCode) {
        case "RulesPerSecurityGroupLimitExceeded" -> RULES_LIMIT_REACHED;
        case "TagLimitExceeded" -> ADDRESS_SHARED_BY_TOO_MANY;
        case "RequestLimitExceeded", "Throttling", "ThrottlingException" -> EC2_THROTTLED;
        case "InternalError", "InternalFailure", "Unavailable" -> EC2_UNAVAILABLE;
        case "ServiceUnavailable" -> EC2_UNAVAILABLE;
        case "InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound" -> SECURITY_GROUP_NOT_FOUND;
        case "InvalidGroupId.Malformed" -> SECURITY_GROUP_NOT_FOUND;
        case "UnauthorizedOperation", "AccessDenied", "AuthFailure" -> EC2_ACCESS_DENIED;
        default -> EC2_REFUSED;
      };
    }
  }
}
