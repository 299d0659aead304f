package cruddur.ingress;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * The database's security group, in EC2. Every method throws {@link OrderRefused} when EC2 does not
 * do what it is asked.
 */
final class SecurityGroup {
  private static final String PROTOCOL = "tcp";
  // At most 255 of EC2's characters. The tags tell for whom, since that may change.
  private static final String DESCRIPTION = "Opened for a workspace by Cruddur, see the tags";
  private static final int PAGE = 1000;

  private static final List<String> GONE =
      List.of("InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound", "InvalidID");

  private final Ec2Client ec2;
  private final String id;
  private final int port;

  /**
   * A group by its id.
   *
   * @param port the database's TCP port; rules for others are not looked at
   */
  SecurityGroup(Ec2Client ec2, String id, int port) {
    this.ec2 = ec2;
    this.id = id;
    this.port = port;
  }

  /** Reads the group's rules, all pages. */
  Rules rules() {
    var ours = new ArrayList<Rule>();
    var others = new HashSet<Address>();
    for (var rule : read()) {
      address(rule)
          .ifPresent(
              address -> {
                var tags = tags(rule);
                if (Hold.areIn(tags)) {
                  ours.add(rule(rule.securityGroupRuleId(), address, tags));
                } else {
                  others.add(address);
                }
              });
    }
    return new Rules(ours, others);
  }

  private List<SecurityGroupRule> read() {
    var ofGroup = Filter.builder().name("group-id").values(id).build();
    return translating(
        () ->
            ec2
                .describeSecurityGroupRulesPaginator(
                    request -> request.filters(ofGroup).maxResults(PAGE))
                .securityGroupRules()
                .stream()
                .toList());
  }

  private static Rule rule(String id, Address address, Map<String, String> tags) {
    return new Rule(id, address, Hold.maker(tags), Hold.read(tags));
  }

  /** The one address that a rule lets in to the database's port, if it is such a rule. */
  private Optional<Address> address(SecurityGroupRule rule) {
    if (Boolean.TRUE.equals(rule.isEgress())
        || !PROTOCOL.equals(rule.ipProtocol())
        || !Objects.equals(rule.fromPort(), port)
        || !Objects.equals(rule.toPort(), port)) {
      return Optional.empty();
    }
    return Optional.ofNullable(rule.cidrIpv4())
        .or(() -> Optional.ofNullable(rule.cidrIpv6()))
        .flatMap(AddressReading::host);
  }

  private static Map<String, String> tags(SecurityGroupRule rule) {
    return rule.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value, (one, _) -> one));
  }

  /**
   * Makes a rule for an address, with its tags from the first moment on.
   *
   * @return false if there is one already
   */
  boolean authorize(Address address, Hold hold) {
    return unless(
        List.of("InvalidPermission.Duplicate"),
        () ->
            ec2.authorizeSecurityGroupIngress(
                request ->
                    request
                        .groupId(id)
                        .ipPermissions(permission(address))
                        .tagSpecifications(
                            TagSpecification.builder()
                                .resourceType(ResourceType.SECURITY_GROUP_RULE)
                                .tags(tags(hold.tags()))
                                .build())));
  }

  private IpPermission permission(Address address) {
    var permission = IpPermission.builder().ipProtocol(PROTOCOL).fromPort(port).toPort(port);
    return address.isIpv6()
        ? permission
            .ipv6Ranges(
                Ipv6Range.builder().cidrIpv6(address.block()).description(DESCRIPTION).build())
            .build()
        : permission
            .ipRanges(IpRange.builder().cidrIp(address.block()).description(DESCRIPTION).build())
            .build();
  }

  /**
   * Sets tags of a rule.
   *
   * @return false if the rule is gone
   */
  boolean tag(Rule rule, Map<String, String> tags) {
    return unless(
        GONE, () -> ec2.createTags(request -> request.resources(rule.id()).tags(tags(tags))));
  }

  /** Takes tags from a rule, each only if it still has this value. */
  void untag(Rule rule, Map<String, String> tags) {
    unless(GONE, () -> ec2.deleteTags(request -> request.resources(rule.id()).tags(tags(tags))));
  }

  /** Takes rules away; that some are gone already is fine. */
  void revoke(Collection<Rule> rules) {
    var ids = rules.stream().map(Rule::id).toList();
    // EC2 takes away either all of them or none.
    if (!ids.isEmpty() && !revokeAll(ids) && ids.size() > 1) {
      ids.forEach(rule -> revokeAll(List.of(rule)));
    }
  }

  private boolean revokeAll(List<String> ids) {
    return unless(
        GONE,
        () ->
            ec2.revokeSecurityGroupIngress(
                request -> request.groupId(id).securityGroupRuleIds(ids)));
  }

  private static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  /** False if EC2 answers one of these error codes. */
  private static boolean unless(List<String> errorCodes, Runnable call) {
    return translating(
        () -> {
          try {
            call.run();
            return true;
          } catch (Ec2Exception failure) {
            if (errorCodes.contains(errorCode(failure))) {
              return false;
            }
            throw failure;
          }
        });
  }

  private static <T> T translating(Supplier<T> call) {
    try {
      return call.get();
    } catch (Ec2Exception failure) {
      var errorCode = errorCode(failure);
      throw new OrderRefused(Refusal.ofErrorCode(errorCode), " (" + errorCode + ")", failure);
    } catch (SdkException failure) {
      throw new OrderRefused(Refusal.EC2_UNAVAILABLE, " (" + failure.getMessage() + ")", failure);
    }
  }

  private static String errorCode(Ec2Exception failure) {
    var details = failure.awsErrorDetails();
    var errorCode = details == null ? null : details.errorCode();
    return errorCode != null
        ? errorCode
        : failure.statusCode() >= 500 ? "InternalError" : "status " + failure.statusCode();
  }
}
