package cruddur.ingress;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The sender of a command.
 *
 * @param name for the audit: the caller's ARN, or the id of a direct invocation
 * @param owner the owner of the command's workspaces; an invalid one becomes empty
 */
record Caller(String name, String owner) {
  /** The owner if a direct invocation names none. */
  static final String ADMINISTRATOR = "administrator";

  /**
   * Characters that a tag does not allow, and the equals sign, which begins an escape. A user's
   * path may have them (IAM API, "User").
   */
  private static final Pattern ESCAPED = Pattern.compile("[^A-Za-z0-9_.:/+@-]");

  /** Two names of 64 characters, with two escapes (IAM User Guide, "IAM and AWS STS quotas"). */
  private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9_.:/=+@-]{1,180}");

  private static final Pattern USER =
      Pattern.compile("(arn:[^:]+:iam::[0-9]+:user/)(?:.*/)?([^/]+)");

  private static final Pattern ROLE =
      Pattern.compile("(arn:[^:]+:sts::[0-9]+:assumed-role/(?!AWSReservedSSO_)[^/]+)/.+");

  Caller {
    owner = OWNER.matcher(owner).matches() ? owner : "";
  }

  /**
   * A caller whose signature the gateway has verified. The owner is the ARN without a user's path,
   * since names are unique in an account, and without a role's session, whose name the caller
   * chooses. IAM Identity Center names a session after its user, so that session stays.
   *
   * @param arn {@code requestContext.authorizer.iam.userArn} (IAM User Guide, "IAM identifiers" and
   *     "AWS STS condition context keys", {@code sts:RoleSessionName}; IAM Identity Center User
   *     Guide, "Referencing permission sets", for {@code AWSReservedSSO_})
   * @return empty if this is no ARN
   */
  static Optional<Caller> signed(String arn) {
    if (!arn.matches("arn:[!-~]+")) {
      return Optional.empty();
    }
    var name =
        ESCAPED.matcher(arn).replaceAll(found -> "=%X".formatted((int) found.group().charAt(0)));
    var role = ROLE.matcher(name).replaceFirst("$1");
    return Optional.of(new Caller(name, USER.matcher(role).replaceFirst("$1$2")));
  }

  /** The caller of a direct invocation, whose identity CloudTrail has by the request's id. */
  static Caller direct(String requestId, String owner) {
    return new Caller("lambda:InvokeFunction/" + requestId, owner);
  }
}
