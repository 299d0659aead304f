package cruddur.ingress;

import cruddur.ingress.Rule.Lease;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** EC2 as its owner sees it: one security group, set up and looked at by the tests. */
final class GroupFixture implements AutoCloseable {
  private static final int PORT = 5432;

  private final Ec2Client client;
  private final String group;

  /** Makes a group with a rule that is not ours. */
  GroupFixture(URI endpoint, String name) {
    client = client(endpoint, "owner");
    group =
        client.createSecurityGroup(r -> r.groupName(name).description("The database")).groupId();
    addForeign("9.9.9.9/32");
  }

  /**
   * A client as the function makes it. System properties replace the settings of Lambda's
   * environment.
   */
  static Ec2Client client(URI endpoint, String accessKey) {
    return client(endpoint, accessKey, "secret");
  }

  static Ec2Client client(URI endpoint, String accessKey, String secretKey) {
    System.setProperty("aws.endpointUrl", endpoint.toString());
    System.setProperty("aws.region", "us-east-1");
    System.setProperty("aws.accessKeyId", accessKey);
    System.setProperty("aws.secretAccessKey", secretKey);
    return SecurityGroupUpdater.ec2();
  }

  String group() {
    return group;
  }

  SecurityGroup through(URI endpoint) {
    return new SecurityGroup(client(endpoint, "function"), group);
  }

  void addForeign(String block) {
    client.authorizeSecurityGroupIngress(
        r -> r.groupId(group).ipProtocol("tcp").fromPort(PORT).toPort(PORT).cidrIp(block));
  }

  /** Fills the group up to moto's limit of 60. */
  void fill() {
    IntStream.range(rules().size(), 60)
        .forEach(number -> addForeign("8.1." + number / 256 + "." + number % 256 + "/32"));
  }

  /** Makes a rule with these tags. */
  void addTagged(IpPermission permission, Map<String, String> tags) {
    var specification =
        TagSpecification.builder()
            .resourceType(ResourceType.SECURITY_GROUP_RULE)
            .tags(tagList(tags))
            .build();
    client.authorizeSecurityGroupIngress(
        r -> r.groupId(group).ipPermissions(permission).tagSpecifications(specification));
  }

  /** Adds tags to the rule of a block. */
  void tag(String block, Map<String, String> tags) {
    client.createTags(r -> r.resources(rule(block).securityGroupRuleId()).tags(tagList(tags)));
  }

  private static List<Tag> tagList(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  void delete() {
    client.deleteSecurityGroup(r -> r.groupId(group));
  }

  private List<SecurityGroupRule> rules() {
    var ofGroup = Filter.builder().name("group-id").values(group).build();
    return client.describeSecurityGroupRules(r -> r.filters(ofGroup)).securityGroupRules().stream()
        .filter(rule -> !rule.isEgress())
        .toList();
  }

  /** The open blocks, each with its workspaces, sorted. Rules that are not ours have none. */
  List<String> open() {
    var open = new ArrayList<String>();
    for (var rule : rules()) {
      var block = rule.cidrIpv4() == null ? rule.cidrIpv6() : rule.cidrIpv4();
      var workspaces =
          Rule.of("", block, tags(rule)).leases().stream()
              .map(Lease::workspace)
              .collect(Collectors.joining(" "));
      open.add((block + " " + workspaces).strip());
    }
    open.sort(String::compareTo);
    return open;
  }

  /** The tags of the rule of a block. */
  Map<String, String> tags(String block) {
    return tags(rule(block));
  }

  private SecurityGroupRule rule(String block) {
    return rules().stream()
        .filter(rule -> block.equals(rule.cidrIpv4()) || block.equals(rule.cidrIpv6()))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> tags(SecurityGroupRule rule) {
    return rule.tags().stream()
        .collect(Collectors.toMap(Tag::key, Tag::value, (one, _) -> one, TreeMap::new));
  }

  @Override
  public void close() {
    client.close();
  }
}
