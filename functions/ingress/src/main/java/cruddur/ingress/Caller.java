package cruddur.ingress;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The sender of a command.
 *
 * @param name for the audit: the caller's ARN, or the id of a direct invocation
 * @param owner the owner of the command's workspaces
 */
record Caller(String name, String owner) {
  /** The owner if a direct invocation names none. */
  static final String ADMINISTRATOR = "administrator";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/=+@-]{1,2048}");

  /** Names of roles and sessions have 64 characters each, those of users 64 without their path. */
  private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9_.:/=+@-]{1,180}");

  private static final Pattern USER =
      Pattern.compile("(arn:[^:]+:iam::[0-9]+:user/)(?:.*/)?([^/]+)");

  private static final Pattern ROLE =
      Pattern.compile("(arn:[^:]+:sts::[0-9]+:assumed-role/(?!AWSReservedSSO_)[^/]+)/.+");

  /**
   * A caller whose signature the gateway has verified. The owner is the ARN without a user's path,
   * since names are unique in an account. The owner is also without a role's session, since the
   * caller chooses the session's name. IAM Identity Center names a session after its user, so its
   * sessions stay in the owner.
   *
   * @param arn {@code requestContext.authorizer.iam.userArn} (IAM User Guide, "IAM identifiers" and
   *     "AWS STS condition context keys", {@code sts:RoleSessionName}; IAM Identity Center User
   *     Guide, "Referencing permission sets", for {@code AWSReservedSSO_})
   * @return empty if this is no ARN of a caller
   */
  static Optional<Caller> signed(String arn) {
    // Names of users and sessions may have both characters; a tag may not have a comma.
    var name = arn.replace("=", "=3D").replace(",", "=2C");
    var role = ROLE.matcher(name).replaceFirst("$1");
    var owner = USER.matcher(role).replaceFirst("$1$2");
    return NAME.matcher(name).matches() && OWNER.matcher(owner).matches() && arn.startsWith("arn:")
        ? Optional.of(new Caller(name, owner))
        : Optional.empty();
  }

  /**
   * The caller of a direct invocation. CloudTrail has the caller's identity, by the request's id.
   *
   * @param owner as the event names it; an invalid one becomes empty
   */
  static Caller direct(String requestId, String owner) {
    var valid = OWNER.matcher(owner).matches() ? owner : "";
    return new Caller("lambda:InvokeFunction/" + requestId, valid);
  }
}
