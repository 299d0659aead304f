package cruddur.ingress;

import cruddur.ingress.RefusedException.Reason;
import cruddur.ingress.Rule.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * The security group that admits workspaces to the database. Every method throws {@link
 * RefusedException} when EC2 refuses.
 */
final class SecurityGroup {
  private static final String PROTOCOL = "tcp";
  private static final int PORT = 5432;
  private static final int PAGE = 1000;
  private static final List<String> GONE =
      List.of("InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound", "InvalidID");

  private final Ec2Client ec2;
  private final String id;

  SecurityGroup(Ec2Client ec2, String id) {
    this.ec2 = ec2;
    this.id = id;
  }

  /** Reads the rules for the database's port, all pages. */
  List<Rule> rules() {
    var ofGroup = Filter.builder().name("group-id").values(id).build();
    var rules = new ArrayList<Rule>();
    call(
        List.of(),
        () ->
            ec2.describeSecurityGroupRulesPaginator(
                    request -> request.filters(ofGroup).maxResults(PAGE))
                .securityGroupRules()
                .forEach(rule -> read(rule).ifPresent(rules::add)));
    return rules;
  }

  private static Optional<Rule> read(SecurityGroupRule rule) {
    var block = rule.cidrIpv4() == null ? rule.cidrIpv6() : rule.cidrIpv4();
    if (block == null
        || Boolean.TRUE.equals(rule.isEgress())
        || !PROTOCOL.equals(rule.ipProtocol())
        || !Objects.equals(rule.fromPort(), PORT)
        || !Objects.equals(rule.toPort(), PORT)) {
      return Optional.empty();
    }
    var address = block.replaceFirst("/(32|128)$", "");
    var tags = rule.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value));
    return Optional.of(Rule.of(rule.securityGroupRuleId(), address, tags));
  }

  /** Makes a rule for an address, with its tags; false if the address has a rule. */
  boolean authorize(String address, String caller, Lease lease) {
    var tags =
        TagSpecification.builder()
            .resourceType(ResourceType.SECURITY_GROUP_RULE)
            .tags(tag(Rule.OPENED_BY, Lease.fit(caller)), tag(lease.tag(), lease.value()))
            .build();
    return call(
        List.of("InvalidPermission.Duplicate"),
        () ->
            ec2.authorizeSecurityGroupIngress(
                request ->
                    request
                        .groupId(id)
                        .ipProtocol(PROTOCOL)
                        .fromPort(PORT)
                        .toPort(PORT)
                        .cidrIp(address + "/32")
                        .tagSpecifications(tags)));
  }

  /** Adds a lease to a rule, or renews it; false if the rule is gone. */
  boolean add(Rule rule, Lease lease) {
    var tag = tag(lease.tag(), lease.value());
    return call(GONE, () -> ec2.createTags(request -> request.resources(rule.id()).tags(tag)));
  }

  /** Removes a lease from a rule, unless it was renewed since it was read. */
  void remove(Rule rule, Lease lease) {
    // EC2 compares the value (Amazon EC2 API Reference, "DeleteTags").
    var tag = tag(lease.tag(), lease.value());
    call(GONE, () -> ec2.deleteTags(request -> request.resources(rule.id()).tags(tag)));
  }

  /** Removes rules, even if some of them no longer exist. */
  void revoke(List<Rule> rules) {
    var ids = rules.stream().map(Rule::id).toList();
    Runnable revoke =
        () ->
            ec2.revokeSecurityGroupIngress(
                request -> request.groupId(id).securityGroupRuleIds(ids));
    // EC2 removes either all of them or none.
    if (!ids.isEmpty() && !call(GONE, revoke) && ids.size() > 1) {
      rules.forEach(rule -> revoke(List.of(rule)));
    }
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  /** Calls EC2; false if the response is one of these error codes. */
  private static boolean call(List<String> errorCodes, Runnable call) {
    try {
      call.run();
      return true;
    } catch (Ec2Exception failure) {
      var code = errorCode(failure);
      if (errorCodes.contains(code)) {
        return false;
      }
      throw new RefusedException(Reason.ofErrorCode(code), " (" + code + ")", failure);
    } catch (SdkException failure) {
      throw new RefusedException(
          Reason.EC2_UNAVAILABLE, " (" + failure.getMessage() + ")", failure);
    }
  }

  private static String errorCode(Ec2Exception failure) {
    return Optional.ofNullable(failure.awsErrorDetails())
        .flatMap(details -> Optional.ofNullable(details.errorCode()))
        .orElse(failure.statusCode() >= 500 ? "InternalError" : "status " + failure.statusCode());
  }
}
