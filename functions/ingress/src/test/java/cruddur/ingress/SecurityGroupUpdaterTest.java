package cruddur.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import cruddur.database.Database;
import cruddur.ingress.Ec2Proxy.Fate;
import cruddur.ingress.Rule.Lease;
import cruddur.testbed.CapturedOutput;
import cruddur.testbed.Invocation;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;

class SecurityGroupUpdaterTest {
  private static final String FOREIGN = "9.9.9.9/32";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final String ANDREW = "arn:aws:iam::123456789012:user/andrew";
  private static final String BAYKO = "arn:aws:iam::123456789012:user/bayko";
  private static final AtomicInteger GROUPS = new AtomicInteger();

  private final Moto moto = SharedFixture.moto();
  private final Ec2Proxy proxy = SharedFixture.proxy();
  private final Database database = SharedFixture.database();
  private final GroupFixture ec2 =
      new GroupFixture(moto.endpoint(), "group-" + GROUPS.incrementAndGet());
  private SecurityGroupUpdater function = function(database);
  private Instant now = NOON;

  @AfterEach
  void close() {
    ec2.close();
  }

  private SecurityGroupUpdater function(Database itsDatabase) {
    return new SecurityGroupUpdater(ec2.through(proxy.endpoint()), itsDatabase, () -> now);
  }

  private SecurityGroupUpdater function(URI endpoint) {
    return new SecurityGroupUpdater(ec2.through(endpoint), database, () -> now);
  }

  @Test
  void opensOneAddressAndSaysForWhomAndUntilWhen() {
    assertMatches(
        """
        [{"workspace":"andrew-laptop","owner":"administrator","address":"8.8.4.4",\
        "ruleId":"sgr-*","change":"opened","openedBy":"lambda:InvokeFunction/*",\
        "expiresAt":"2026-01-02T00:00:00+00:00","sessionsEnded":0}]\
        """,
        call(Invocation.sample("security-group-updater.json")));
    assertOpen("8.8.4.4/32 andrew-laptop");
    var tags = ec2.tags("8.8.4.4/32");
    assertEquals(2, tags.size());
    assertMatches("lambda:InvokeFunction/*", String.valueOf(tags.get("cruddur:opened-by")));
    assertMatches("2026-01-02T00:00:00Z administrator lambda:InvokeFunction/*", lease("8.8.4.4"));
  }

  /** The value of the only lease's tag. */
  private String lease(String address) {
    var tags = ec2.tags(address + "/32");
    var keys = tags.keySet().stream().filter(key -> key.startsWith("cruddur:lease:")).toList();
    assertEquals(1, keys.size(), tags.toString());
    return tags.getOrDefault(keys.getFirst(), "");
  }

  @Test
  void renewsTheExpiryOfTheSameAddressAndNothingElse() {
    open("a", "8.8.4.4");
    var before = ec2.tags("8.8.4.4/32");
    now = NOON.plus(Duration.ofHours(1));
    proxy.passAll();
    assertTrue(open("a", "8.8.4.4").contains("\"change\":\"renewed\""));
    assertEquals(
        List.of("DescribeSecurityGroupRules", "CreateTags", "DescribeSecurityGroupRules"),
        proxy.actions());
    before.replaceAll((_, value) -> value.replace("2026-01-02T00:00:00Z", "2026-01-02T01:00:00Z"));
    assertEquals(before, ec2.tags("8.8.4.4/32"));
  }

  @Test
  void movesByOpeningTheNewAddressBeforeItClosesTheOld() {
    open("a", "8.8.4.4");
    proxy.passAll();
    var response = open("a", "8.8.8.8");
    assertMatches(
        """
        [{"workspace":"a",*,"address":"8.8.8.8","ruleId":"sgr-*","change":"moved",*,\
        "sessionsEnded":0},{"workspace":"a",*,"address":"8.8.4.4","ruleId":"sgr-*",\
        "change":"closed",*,"sessionsEnded":0}]\
        """,
        response);
    assertOpen("8.8.8.8/32 a");
    assertEquals(
        List.of(
            "DescribeSecurityGroupRules",
            "AuthorizeSecurityGroupIngress",
            "DescribeSecurityGroupRules",
            "DescribeSecurityGroupRules",
            "RevokeSecurityGroupIngress",
            "DescribeSecurityGroupRules"),
        proxy.actions());
  }

  @Test
  void letsTwoWorkspacesShareTheRuleOfOneAddress() {
    open("a", "8.8.4.4");
    assertTrue(open("b", "8.8.4.4").contains("\"change\":\"opened\""));
    assertOpen("8.8.4.4/32 a b");
    assertMatches(
        "[{\"workspace\":\"a\",*,\"change\":\"closed\",*,\"sessionsEnded\":0}]",
        closeDirectly("a"));
    assertOpen("8.8.4.4/32 b");
    open("a", "8.8.4.4");
    assertOpen("8.8.4.4/32 a b");
    open("b", "8.8.8.8");
    assertOpen("8.8.4.4/32 a", "8.8.8.8/32 b");
    closeDirectly("a");
    assertOpen("8.8.8.8/32 b");
  }

  @Test
  void twoWorkspacesThatLeaveOneAddressAtOnceLeaveNoRule() throws Exception {
    for (var round = 0; round < 3; round++) {
      open("a", "8.8.4.4");
      open("b", "8.8.4.4");
      atOnce(List.of(() -> closeDirectly("a"), () -> closeDirectly("b")));
      assertOpen();
    }
  }

  @Test
  void tenCallsForOneAddressAtOnceEndWithOneRule() throws Exception {
    var responses = atOnce(IntStream.range(0, 10).mapToObj(_ -> openCall("a", "8.8.4.4")).toList());
    assertOpen("8.8.4.4/32 a");
    responses.forEach(
        response -> assertTrue(response.contains("\"address\":\"8.8.4.4\""), response));
  }

  @Test
  void tenWorkspacesAtOnceAllEndUpOpen() throws Exception {
    assertOpenAtOnce(Collections.nCopies(10, "8.8.4.4"), "opened");
    assertOpenAtOnce(
        IntStream.range(0, 10).mapToObj(number -> "8.8.8." + number).toList(), "moved");
    assertEquals(11, ec2.open().size(), "the second time each moved");
  }

  /** Opens a workspace for each address at the same time. */
  private void assertOpenAtOnce(List<String> addresses, String change) throws Exception {
    var calls = new ArrayList<Callable<String>>();
    for (var address : addresses) {
      calls.add(openCall("w" + calls.size(), address));
    }
    var responses = atOnce(calls).iterator();
    for (var address : addresses) {
      assertMatches("[{*\"" + address + "\"*\"change\":\"" + change + "\",*}]", responses.next());
    }
    var list = call("{\"action\": \"list\"}");
    for (var address : addresses) {
      assertTrue(list.contains("\"address\":\"" + address + '"'), list);
    }
    assertEquals(addresses.size(), list.split("\"workspace\":", -1).length - 1, list);
  }

  /** The second call runs between the first one's lease and its read-back. */
  @Test
  void theLoserOfTwoMovesAtOnceRepeats() {
    var second = function(moto.endpoint());
    proxy.behave(
        (_, before) -> {
          if (before == 2) {
            assertMatches(
                "[{*\"8.8.8.8\"*\"moved\"*}*]", call(second, openEvent("a", "8.8.8.8", "1")));
          }
          return Fate.PASS;
        });
    assertMatches(
        "[{*\"8.8.4.4\"*\"change\":\"moved\",*},{*\"8.8.8.8\"*\"closed\"*}]", open("a", "8.8.4.4"));
    assertOpen("8.8.4.4/32 a");
  }

  /** Opens workspace b at 8.8.4.4 before the second request of the next call. */
  private void letAnotherWorkspaceJoin() {
    var other = function(moto.endpoint());
    proxy.behave(
        (_, before) -> {
          if (before == 1) {
            call(other, openEvent("b", "8.8.4.4", "1"));
          }
          return Fate.PASS;
        });
  }

  /** Another workspace makes the address's rule after the call has read the rules. */
  @Test
  void theLoserOfTwoCallsForOneRuleJoinsIt() {
    letAnotherWorkspaceJoin();
    assertTrue(open("a", "8.8.4.4").contains("\"change\":\"opened\""));
    assertOpen("8.8.4.4/32 a b");
  }

  /** Another workspace joins the rule after the call has read it. */
  @Test
  void aCloseRemovesTheLeaseOfARuleThatAnotherWorkspaceJoins() {
    open("a", "8.8.4.4");
    letAnotherWorkspaceJoin();
    closeDirectly("a");
    assertOpen("8.8.4.4/32 b");
  }

  /** Each time before the call reads the rules back, another one closes the workspace. */
  @Test
  void saysThatItsRuleCannotBeReadBack() {
    var other = function(moto.endpoint());
    var close = "{\"action\": \"close\", \"workspace\": \"a\"}";
    proxy.behave(
        (action, before) -> {
          if (before > 0 && action.startsWith("Describe")) {
            call(other, close);
          }
          return Fate.PASS;
        });
    assertEquals("rule_not_visible", refusal(() -> open("a", "8.8.4.4")));
    assertEquals(
        10, proxy.actions().stream().filter(action -> action.startsWith("Authorize")).count());
    assertOpen();
  }

  @Test
  void twoWorkspacesAtOneAddressAtOnceBothGetIn() throws Exception {
    for (var round = 0; round < 3; round++) {
      atOnce(List.of(openCall("a", "8.8.4.4"), openCall("b", "8.8.4.4")));
      assertOpen("8.8.4.4/32 a b");
      closeDirectly("a");
      closeDirectly("b");
      assertOpen();
    }
  }

  @Test
  void sweepsWhatHasExpiredFromAllPages() {
    // With the rule that is not ours, these are the 60 rules that a group may have.
    IntStream.range(0, 59).forEach(number -> authorize("w" + number, number, number < 50 ? 1 : 3));
    proxy.passAll();
    proxy.pageBy(25);
    now = NOON.plus(Duration.ofHours(2));
    var response = call(Invocation.sample("security-group-updater-schedule.json"));
    assertEquals(50, response.split("\"change\":\"closed\"", -1).length - 1);
    assertEquals(
        List.of(
            "DescribeSecurityGroupRules",
            "DescribeSecurityGroupRules",
            "DescribeSecurityGroupRules",
            "DescribeSecurityGroupRules",
            "DescribeSecurityGroupRules",
            "DescribeSecurityGroupRules",
            "RevokeSecurityGroupIngress"),
        proxy.actions());
    assertEquals(10, ec2.open().size());
    assertTrue(ec2.open().contains(FOREIGN));
    now = NOON.plus(Duration.ofHours(4));
    call(Invocation.sample("security-group-updater-schedule.json"));
    assertOpen();
    assertEquals("[]", call(Invocation.sample("security-group-updater-schedule.json")));
  }

  @Test
  void measuresHowLateASweepIsAndNothingElse() {
    try (var printed = new CapturedOutput()) {
      open("a", "8.8.4.4", "2");
      open("b", "8.8.8.8", "1");
      now = NOON.plus(Duration.ofMinutes(125));
      call("{\"action\": \"list\"}");
      assertEquals(List.of(), printed.metrics());
      call(Invocation.sample("security-group-updater-schedule.json"));
      call(Invocation.sample("security-group-updater-schedule.json"));
      assertEquals(
          List.of("Overdue 3900 Seconds function=test", "Overdue 0 Seconds function=test"),
          printed.metrics());
    }
    assertOpen();
  }

  @Test
  void aSweepThatFailsMeasuresNothing() {
    open("a", "8.8.4.4", "1");
    now = NOON.plus(Duration.ofHours(2));
    proxy.behave((_, _) -> Fate.LOSE);
    try (var printed = new CapturedOutput()) {
      assertThrows(
          RefusedException.class,
          () -> call(Invocation.sample("security-group-updater-schedule.json")));
      assertEquals(List.of(), printed.metrics());
    }
  }

  @Test
  void countsWhatItRefuses() {
    try (var printed = new CapturedOutput()) {
      assertStatus(403, "[\"signature_missing\"]", unsigned());
      assertEquals(
          List.of("Rejected 1 Count function=test code=signature_missing"), printed.metrics());
    }
  }

  /** Another call closes a workspace after the sweep has read the rules. */
  @Test
  void aSweepRemovesTheOtherRulesWhereOneIsGoneAlready() {
    open("a", "8.8.4.4", "1");
    open("b", "8.8.8.8", "1");
    now = NOON.plus(Duration.ofHours(2));
    var other = function(moto.endpoint());
    proxy.behave(
        (action, _) -> {
          if (action.startsWith("Revoke") && !proxy.actions().contains(action)) {
            call(other, "{\"action\": \"close\", \"workspace\": \"a\"}");
          }
          return Fate.PASS;
        });
    call(Invocation.sample("security-group-updater-schedule.json"));
    assertOpen();
  }

  private void authorize(String workspace, int number, int hours) {
    var expiresAt = NOON.plus(Duration.ofHours(hours));
    ec2.through(moto.endpoint())
        .authorize(
            "8.2.2." + number,
            "test",
            Lease.of(new Caller("test", "administrator"), workspace, expiresAt));
  }

  @Test
  void sweepsAnExpiredLeaseFromARuleThatHasAnother() {
    open("a", "8.8.4.4", "1");
    open("b", "8.8.4.4", "3");
    now = NOON.plus(Duration.ofHours(2));
    call(Invocation.sample("security-group-updater-schedule.json"));
    assertOpen("8.8.4.4/32 b");
  }

  @Test
  void makesAnExpiredRuleAgainSoThatNoSweepMeetsIt() {
    open("a", "8.8.4.4", "1");
    var old = open("a", "8.8.4.4", "1");
    now = NOON.plus(Duration.ofSeconds(3601));
    assertEquals("[]", call(Invocation.sample("security-group-updater-schedule.json")));
    var renewed = open("a", "8.8.4.4", "1");
    assertFalse(ruleId(old).equals(ruleId(renewed)));
    assertOpen("8.8.4.4/32 a");
  }

  private static String ruleId(String response) {
    return response.replaceFirst("(?s).*?\"ruleId\":\"([^\"]+).*", "$1");
  }

  @Test
  void closesARuleWhoseExpirySomebodyMadeUnreadable() {
    open("a", "8.8.4.4");
    ec2.tag("8.8.4.4/32", Map.of(leaseTag("8.8.4.4"), "never"));
    call(Invocation.sample("security-group-updater-schedule.json"));
    assertOpen();
  }

  private String leaseTag(String address) {
    return ec2.tags(address + "/32").keySet().stream()
        .filter(key -> key.startsWith("cruddur:lease:"))
        .findFirst()
        .orElseThrow();
  }

  /** The tags of earlier versions: for a rule's maker, and for a workspace that joined it. */
  private static final Map<String, String> OLD_TAGS =
      Map.of(
          "cruddur:workspace", "a",
          "cruddur:opened-by", "arn:aws:iam::123456789012:user/andrew",
          "cruddur:opened-at", "2026-01-01T11:00:00Z",
          "cruddur:expires-at", "2026-01-03T11:00:00Z",
          "cruddur:opened-by/b", "arn:aws:iam::123456789012:user/bayko",
          "cruddur:opened-at/b", "2026-01-01T11:30:00Z",
          "cruddur:expires-at/b", "2026-01-03T11:30:00Z");

  @Test
  void listsAndSweepsRulesOfTheOldForm() {
    addOld(ipv4("8.8.4.4/32"));
    addOld(
        permission().ipv6Ranges(Ipv6Range.builder().cidrIpv6("2a00:1450::1/128").build()).build());
    var list = call("{\"action\": \"list\"}");
    assertMatches("[{*\"8.8.4.4\"*user/andrew*},{*\"2a00:1450::1\"*user/andrew*}]", list);
    try (var printed = new CapturedOutput()) {
      var swept = call(Invocation.sample("security-group-updater-schedule.json"));
      assertEquals(2, swept.split("\"change\":\"closed\"", -1).length - 1, swept);
      assertEquals(List.of("Overdue 0 Seconds function=test"), printed.metrics());
    }
    assertOpen();
  }

  @Test
  void opensAnAddressThatHasARuleOfTheOldForm() {
    addOld(ipv4("8.8.4.4/32"));
    assertTrue(open("a", "8.8.4.4").contains("\"change\":\"opened\""));
    assertOpen("8.8.4.4/32 a");
    assertEquals(2, ec2.tags("8.8.4.4/32").size());
  }

  private void addOld(IpPermission permission) {
    ec2.addTagged(permission, OLD_TAGS);
  }

  private static IpPermission ipv4(String block) {
    return permission().ipRanges(IpRange.builder().cidrIp(block).build()).build();
  }

  private static IpPermission.Builder permission() {
    return IpPermission.builder().ipProtocol("tcp").fromPort(5432).toPort(5432);
  }

  @Test
  void refusesAnAddressThatSomebodyElsesRuleOpens() {
    open("a", "8.8.4.4");
    assertEquals("address_opened_by_others", refusal(() -> open("a", "9.9.9.9")));
    assertOpen("8.8.4.4/32 a");
  }

  @Test
  void keepsTheOldAddressWhenTheQuotaIsReached() {
    open("a", "8.8.4.4");
    ec2.fill();
    assertEquals("rules_limit_reached", refusal(() -> open("a", "8.8.8.8")));
    assertTrue(ec2.open().contains("8.8.4.4/32 a"));
    assertStatus(409, "[\"rules_limit_reached\"]", http("PUT", "a", "8.8.8.8", ""));
  }

  @Test
  void triesAgainWhenThrottledAndThenSaysSo() {
    proxy.behave((_, before) -> before == 0 ? Fate.THROTTLE : Fate.PASS);
    open("a", "8.8.4.4");
    proxy.behave((_, _) -> Fate.THROTTLE);
    var response = http("PUT", "a", "8.8.8.8", "");
    assertStatus(503, "[\"ec2_throttled\"]", response);
    assertTrue(response.contains("retry-after"), response);
    assertTrue(proxy.actions().size() <= 4, proxy.actions().toString());
    assertOpen("8.8.4.4/32 a");
  }

  @Test
  void saysThatTheGroupIsGone() {
    ec2.delete();
    assertEquals("security_group_not_found", refusal(() -> open("a", "8.8.4.4")));
    assertStatus(500, "[\"security_group_not_found\"]", http("PUT", "a", "8.8.4.4", ""));
  }

  @Test
  void saysThatThereIsNoEc2() {
    proxy.behave((_, _) -> Fate.LOSE);
    assertStatus(503, "[\"ec2_unavailable\"]", http("PUT", "a", "8.8.4.4", ""));
  }

  @Test
  void removesTheRuleWithoutTheDatabaseAndCountsItsFailure() {
    function = function(new Database("postgresql://cruddur_ingress:x@127.0.0.1:1/cruddur"));
    open("a", "8.8.4.4");
    try (var printed = new CapturedOutput()) {
      assertMatches(
          "[{\"workspace\":\"a\",*,\"change\":\"closed\",*,\"sessionsEnded\":null,"
              + "\"error\":\"database_unavailable\"}]",
          closeDirectly("a"));
      assertEquals(
          List.of("DatabaseFailure 1 Count function=test sqlState=08001"), printed.metrics());
    }
    assertOpen();
  }

  @Test
  void takesTheAddressAndTheOwnerFromTheGatewayAlone() {
    var response =
        http(
            "PUT",
            "a",
            "8.8.4.4",
            "{\\\"address\\\": \\\"1.1.1.1\\\", \\\"workspace\\\": \\\"b\\\","
                + " \\\"owner\\\": \\\"c\\\", \\\"hours\\\": 1}");
    assertTrue(response.contains("\"statusCode\":200"), response);
    assertOpen("8.8.4.4/32 a");
    assertEquals("2026-01-01T13:00:00Z " + ANDREW + " " + ANDREW, lease("8.8.4.4"));
    assertTrue(http("GET", "", "127.0.0.1", "").contains("8.8.4.4"));
    assertTrue(http("DELETE", "a", "127.0.0.1", "").contains("closed"));
    assertStatus(200, "[]", http("DELETE", "a", "127.0.0.1", ""));
    assertStatus(403, "[\"signature_missing\"]", unsigned());
    assertStatus(400, "[\"json_malformed\"]", http("PUT", "a", "8.8.4.4", "{"));
    assertOpen();
  }

  @Test
  void aWorkspaceIsItsOwnersAlone() {
    http(ANDREW, "PUT", "laptop", "8.8.4.4", "");
    http(BAYKO, "PUT", "laptop", "8.8.4.4", "");
    assertEquals("8.8.4.4/32 laptop laptop", ec2.open().getFirst());
    // Bayko moves and closes; Andrew's access stays.
    assertTrue(http(BAYKO, "PUT", "laptop", "8.8.8.8", "").contains("moved"));
    assertOpen("8.8.4.4/32 laptop", "8.8.8.8/32 laptop");
    assertTrue(http(BAYKO, "DELETE", "laptop", "8.8.8.8", "").contains("closed"));
    assertStatus(200, "[]", http(BAYKO, "DELETE", "laptop", "8.8.8.8", ""));
    assertMatches("* " + ANDREW + " *", lease("8.8.4.4"));
    assertOpen("8.8.4.4/32 laptop");
  }

  @Test
  void anotherSessionOfARoleIsTheSameOwner() {
    var role = "arn:aws:sts::123456789012:assumed-role/Developer/";
    http(role + "i-0123456789abcdef0", "PUT", "a", "8.8.4.4", "");
    assertTrue(http(role + "botocore-session-1", "PUT", "a", "8.8.8.8", "").contains("moved"));
    assertMatches(
        "* " + role.replaceFirst("/$", "") + " " + role + "botocore-session-1", lease("8.8.8.8"));
    assertOpen("8.8.8.8/32 a");
  }

  @Test
  void anAdministratorNamesTheOwner() {
    http(ANDREW, "PUT", "a", "8.8.4.4", "");
    assertEquals("[]", closeDirectly("a"));
    var close = "{\"action\": \"close\", \"workspace\": \"a\", \"owner\": \"" + ANDREW + "\"}";
    assertMatches("[{*\"owner\":\"" + ANDREW + "\"*\"closed\"*}]", call(close));
    assertEquals("[\"owner_invalid\"]", invalid(close.replace(ANDREW, "a b")));
    assertEquals("[\"owner_invalid\"]", invalid(close.replace("\"" + ANDREW + "\"", "{}")));
    var refused = http(ANDREW + "=".repeat(60), "PUT", "b", "8.8.4.4", "");
    assertStatus(422, "[\"owner_invalid\"]", refused);
    assertOpen();
  }

  @Test
  void logsEveryChangeWithItsCaller() {
    assertLogs(ANDREW, "opened", httpEvent(ANDREW, "PUT", "a", "8.8.4.4", ""));
    assertLogs(ANDREW, "closed", httpEvent(ANDREW, "DELETE", "a", "8.8.4.4", ""));
    var direct = "lambda:InvokeFunction/8f507cfc-";
    assertLogs(direct, "opened", openEvent("a", "8.8.4.4", "1"));
    now = NOON.plus(Duration.ofHours(2));
    assertLogs(direct, "closed", "{\"detail-type\": \"Scheduled Event\"}");
  }

  /** The new rule is made and the old one removed; then EC2 cannot be reached. */
  @Test
  void logsWhatAMoveChangedBeforeItFailed() {
    open("a", "8.8.4.4");
    proxy.behave(
        (_, _) -> proxy.actions().contains("RevokeSecurityGroupIngress") ? Fate.LOSE : Fate.PASS);
    assertLogsChangeAndFailure("closed", openEvent("a", "8.8.8.8", "1"));
    assertOpen("8.8.8.8/32 a");
  }

  /** The expired rule is removed; then there is no room for the new one. */
  @Test
  void logsWhatAnOpenClosedBeforeItFailed() {
    open("a", "8.8.4.4", "1");
    now = NOON.plus(Duration.ofHours(2));
    proxy.behave((action, _) -> action.startsWith("Authorize") ? Fate.THROTTLE : Fate.PASS);
    assertLogsChangeAndFailure("closed", openEvent("b", "8.8.4.4", "1"));
    assertOpen();
  }

  /** A command that fails logs its change first and its failure last, each with the caller. */
  private void assertLogsChangeAndFailure(String change, String event) {
    var invocation = new Invocation();
    assertThrows(
        RefusedException.class,
        () -> invocation.call(function, event.getBytes(StandardCharsets.UTF_8)));
    var caller = "Open[caller=Caller[name=lambda:InvokeFunction/8f507cfc-*";
    var lines = invocation.log().lines().filter(line -> line.startsWith("Open[")).toList();
    assertEquals(2, lines.size(), invocation.log());
    assertMatches(caller + "\"" + change + "\"*", lines.getFirst());
    assertMatches(caller + "[\"ec2_*", lines.getLast());
  }

  private void assertLogs(String caller, String change, String event) {
    var invocation = new Invocation();
    invocation.call(function, event.getBytes(StandardCharsets.UTF_8));
    assertMatches(
        "*[caller=Caller[name=" + caller + "*\"" + change + "\"*", invocation.log().strip());
  }

  @Test
  void refusesALeaseThatDoesNotFit() {
    open("a", "8.8.4.4");
    var more = new HashMap<String, String>();
    IntStream.range(0, 48).forEach(number -> more.put("cruddur:lease:w" + number + ":", ""));
    ec2.tag("8.8.4.4/32", more);
    assertEquals("address_shared_by_too_many", refusal(() -> open("b", "8.8.4.4")));
    assertStatus(409, "[\"address_shared_by_too_many\"]", http("PUT", "b", "8.8.4.4", ""));
    assertTrue(open("a", "8.8.4.4").contains("renewed"));
  }

  private String unsigned() {
    return call("{\"requestContext\": {\"http\": {\"method\": \"GET\"}}}");
  }

  @Test
  void listsWhatIsOpen() {
    assertEquals("[]", call("{\"action\": \"list\"}"));
    open("b", "8.8.4.4");
    open("a", "8.8.4.4");
    assertMatches(
        """
        [{"workspace":"a","owner":"administrator","address":"8.8.4.4","ruleId":"sgr-*",\
        "change":null,*},{"workspace":"b",*,"change":null,*}]\
        """,
        call("{\"action\": \"list\"}"));
  }

  @Test
  void neverAsksEc2ForARefusedAddress() {
    proxy.passAll();
    for (var line : AddressReadingTest.refused()) {
      var address = AddressReadingTest.text(line);
      var code = AddressReadingTest.code(line);
      var event = "{\"action\": \"open\", \"workspace\": \"a\", \"address\": \"" + address + "\"}";
      assertEquals("[\"" + code + "\"]", invalid(event.replace("\t", "\\t")));
      assertStatus(422, "[\"" + code + "\"]", http("PUT", "a", address.replace("\t", "\\t"), ""));
    }
    assertEquals(List.of(), proxy.actions());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          action_invalid | {}
          action_invalid | {"action": "OPEN"}
          action_invalid | {"action": "sweep"}
          address_blank | {"action": "open", "workspace": "a"}
          address_blank | {"action": "open", "workspace": "a", "address": 134743044}
          workspace_invalid | {"action": "open", "workspace": "-a", "address": "8.8.4.4"}
          workspace_invalid | {"action": "open", "workspace": "A", "address": "8.8.4.4"}
          workspace_invalid | {"action": "open", "workspace": "a/b", "address": "8.8.4.4"}
          workspace_invalid | {"action": "close"}
          workspace_invalid | {"action": "close", "workspace": ""}
          """)
  void failsAnInvalidDirectCall(String code, String event) {
    assertEquals("[\"" + code + "\"]", invalid(event));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "73", "1.5", "-1", "true", "{}"})
  void failsForOtherHoursThan1To72(String hours) {
    assertEquals("[\"hours_invalid\"]", invalid(openEvent("a", "8.8.4.4", hours)));
  }

  @Test
  void takesWorkspacesAndHoursOfAnyAllowedLength() {
    var workspace = "9" + "-".repeat(61) + "z";
    open(workspace, "8.8.4.4", "72");
    assertOpen("8.8.4.4/32 " + workspace);
    assertEquals(
        "[\"workspace_invalid\"]",
        invalid("{\"action\": \"close\", \"workspace\": \"" + workspace + "z\"}"));
  }

  @Test
  void readsAndWritesTheTypedEventsOfAws() {
    var http =
        typed(APIGatewayV2HTTPEvent.class, Invocation.sample("security-group-updater-http.json"));
    assertEquals("8.8.4.4", http.getRequestContext().getHttp().getSourceIp());
    assertEquals(
        "arn:aws:iam::123456789012:user/andrew",
        http.getRequestContext().getAuthorizer().getIam().getUserArn());
    var schedule =
        typed(ScheduledEvent.class, Invocation.sample("security-group-updater-schedule.json"));
    assertEquals("Scheduled Event", schedule.getDetailType());
    var text = call(Invocation.sample("security-group-updater-http.json"));
    var response = typed(APIGatewayV2HTTPResponse.class, text.getBytes(StandardCharsets.UTF_8));
    assertEquals(200, response.getStatusCode());
    assertMatches(
        "[{\"workspace\":\"andrew-laptop\",\"owner\":\"" + ANDREW + "\",*}]", response.getBody());
  }

  private <T> T typed(Class<T> type, byte[] json) {
    return LambdaEventSerializers.serializerFor(type, getClass().getClassLoader())
        .fromJson(new ByteArrayInputStream(json));
  }

  private String open(String workspace, String address) {
    return open(workspace, address, "12");
  }

  private String open(String workspace, String address, String hours) {
    return call(openEvent(workspace, address, hours));
  }

  private static String openEvent(String workspace, String address, String hours) {
    return """
    {"action": "open", "workspace": "%s", "address": "%s", "hours": %s}\
    """
        .formatted(workspace, address, hours);
  }

  /** Opens with an environment of its own; the response or the failure's message. */
  private Callable<String> openCall(String workspace, String address) {
    var own = function(database);
    return () -> {
      try {
        return call(own, openEvent(workspace, address, "12"));
      } catch (RefusedException refused) {
        return refused.getMessage();
      }
    };
  }

  private String closeDirectly(String workspace) {
    return call("{\"action\": \"close\", \"workspace\": \"" + workspace + "\"}");
  }

  private String http(String method, String workspace, String sourceIp, String body) {
    return http(ANDREW, method, workspace, sourceIp, body);
  }

  private String http(
      String caller, String method, String workspace, String sourceIp, String body) {
    return call(httpEvent(caller, method, workspace, sourceIp, body));
  }

  private static String httpEvent(
      String caller, String method, String workspace, String sourceIp, String body) {
    return """
    {"pathParameters": {"workspace": "%s"}, "body": "%s", "requestContext": {
      "authorizer": {"iam": {"userArn": "%s"}}, "http": {"method": "%s", "sourceIp": "%s"}}}\
    """
        .formatted(workspace, body, caller, method, sourceIp);
  }

  private String call(String event) {
    return call(function, event);
  }

  private String call(byte[] event) {
    return new String(new Invocation().call(function, event), StandardCharsets.UTF_8);
  }

  private static String call(SecurityGroupUpdater function, String event) {
    return new String(
        new Invocation().call(function, event.getBytes(StandardCharsets.UTF_8)),
        StandardCharsets.UTF_8);
  }

  private String invalid(String event) {
    return message(assertThrows(RefusedException.class, () -> call(event)));
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  private static String refusal(Runnable call) {
    return assertThrows(RefusedException.class, call::run).response().codes().getFirst();
  }

  private static void assertStatus(int status, String body, String response) {
    assertTrue(response.startsWith("{\"statusCode\":" + status + ","), response);
    var escaped = "\"body\":\"" + body.replace("\"", "\\\"") + "\"";
    assertTrue(response.contains(escaped), response);
  }

  /** Compares with a text in which a star stands for anything. */
  private static void assertMatches(String pattern, String text) {
    var parts = new ArrayList<String>();
    for (var part : pattern.split("\\*", -1)) {
      parts.add(Pattern.quote(part));
    }
    assertTrue(text.matches(String.join(".*", parts)), text);
  }

  /** The group has these rules and somebody else's one, and no other. */
  private void assertOpen(String... rules) {
    var expected = new ArrayList<>(List.of(rules));
    expected.add(FOREIGN);
    assertEquals(expected, ec2.open());
  }

  private static List<String> atOnce(List<Callable<String>> calls) throws Exception {
    try (var threads = Executors.newFixedThreadPool(calls.size())) {
      var responses = new ArrayList<String>();
      for (var done : threads.invokeAll(calls)) {
        responses.add(done.get());
      }
      return responses;
    }
  }
}
