package cruddur.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.ingress.Ec2Proxy.Fate;
import cruddur.testbed.Invocation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ends calls after each of their steps, like a function whose time is over. From one request on,
 * nothing reaches EC2, or the last request that reaches it gets no response.
 */
class CrashTest {
  private static final String FOREIGN = "9.9.9.9/32";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final AtomicInteger GROUPS = new AtomicInteger();

  private final Moto moto = SharedFixture.moto();
  private final Ec2Proxy proxy = SharedFixture.proxy();

  @ParameterizedTest
  @EnumSource(
      value = Fate.class,
      names = {"LOSE", "LOSE_RESPONSE"})
  void aMoveThatEndsAnywhereLeavesAccessAndTheNextCallCompletesIt(Fate end) {
    forEachStep(
        end,
        new String[] {openEvent("a", "8.8.4.4")},
        openEvent("a", "8.8.8.8"),
        List.of("8.8.8.8/32 a", FOREIGN));
  }

  @Test
  void aMoveAwayFromASharedAddressLeavesAccessToBoth() {
    forEachStep(
        Fate.LOSE_RESPONSE,
        new String[] {openEvent("a", "8.8.4.4"), openEvent("b", "8.8.4.4")},
        openEvent("a", "8.8.8.8"),
        List.of("8.8.4.4/32 b", "8.8.8.8/32 a", FOREIGN));
  }

  @Test
  void aMoveToASharedAddressLeavesAccessToBoth() {
    forEachStep(
        Fate.LOSE_RESPONSE,
        new String[] {openEvent("a", "8.8.8.8"), openEvent("b", "8.8.4.4")},
        openEvent("a", "8.8.4.4"),
        List.of("8.8.4.4/32 a b", FOREIGN));
  }

  /** The crashed move is followed by one back to where it came from. */
  @Test
  void theNextCallMayBeForTheOldAddress() {
    var crashes = 0;
    for (var step = 0; step <= crashes; step++) {
      try (var ec2 = group()) {
        var function = function(ec2);
        call(function, openEvent("a", "8.8.4.4"));
        crashes += crash(function, openEvent("a", "8.8.8.8"), step, Fate.LOSE_RESPONSE) ? 1 : 0;
        call(function, openEvent("a", "8.8.4.4"));
        assertEquals(List.of("8.8.4.4/32 a", FOREIGN), ec2.open(), "step " + step);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fate.class,
      names = {"LOSE", "LOSE_RESPONSE"})
  void aCloseThatEndsAnywhereIsDoneByTheNextCall(Fate end) {
    var crashes = 0;
    for (var step = 0; step <= crashes; step++) {
      try (var ec2 = group()) {
        var function = function(ec2);
        call(function, openEvent("a", "8.8.4.4"));
        crashes +=
            crash(function, "{\"action\": \"close\", \"workspace\": \"a\"}", step, end) ? 1 : 0;
        call(function, "{\"action\": \"close\", \"workspace\": \"a\"}");
        assertEquals(List.of(FOREIGN), ec2.open(), "step " + step);
      }
    }
    // It reads, reads again, and removes the rule.
    assertTrue(crashes >= 3, "crashes: " + crashes);
  }

  private void forEachStep(Fate end, String[] before, String command, List<String> expected) {
    // Continues until the call has no further step.
    var crashes = 0;
    for (var step = 0; step <= crashes; step++) {
      try (var ec2 = group()) {
        var function = function(ec2);
        for (var event : before) {
          call(function, event);
        }
        crashes += crash(function, command, step, end) ? 1 : 0;
        var between = ec2.open();
        assertTrue(between.stream().anyMatch(rule -> isFor("a", rule)), step + " " + between);
        assertEquals(
            before.length > 1,
            between.stream().anyMatch(rule -> isFor("b", rule)),
            step + " " + between);
        call(function, command);
        assertEquals(expected, ec2.open(), "after a crash at step " + step);
      }
    }
    assertTrue(crashes >= 4, "crashes: " + crashes);
  }

  private static boolean isFor(String workspace, String rule) {
    return List.of(rule.split(" ")).subList(1, rule.split(" ").length).contains(workspace);
  }

  /** Ends a call at a step; false if the call finished first. */
  private boolean crash(SecurityGroupUpdater function, String event, int step, Fate end) {
    var last = end == Fate.LOSE ? step : step + 1;
    proxy.behave(
        (_, before) -> before < step ? Fate.PASS : before < last ? Fate.LOSE_RESPONSE : Fate.LOSE);
    var hasEnded = isDone(function, event);
    proxy.passAll();
    return !hasEnded;
  }

  private static boolean isDone(SecurityGroupUpdater function, String event) {
    try {
      call(function, event);
      return true;
    } catch (RefusedException refused) {
      assertEquals(List.of("ec2_unavailable"), refused.response().codes());
      return false;
    }
  }

  private GroupFixture group() {
    return new GroupFixture(moto.endpoint(), "crash-" + GROUPS.incrementAndGet());
  }

  private SecurityGroupUpdater function(GroupFixture ec2) {
    return new SecurityGroupUpdater(
        ec2.through(proxy.endpoint()), SharedFixture.database(), () -> NOON);
  }

  private static String openEvent(String workspace, String address) {
    return "{\"action\": \"open\", \"workspace\": \"%s\", \"address\": \"%s\"}"
        .formatted(workspace, address);
  }

  private static void call(SecurityGroupUpdater function, String event) {
    new Invocation().call(function, event.getBytes(StandardCharsets.UTF_8));
  }
}
