package cruddur.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rounds of faults that a seed gives. */
class RandomRoundsTest {
  private static final List<Fault> FAULTS = NemesisTest.faults((_, _) -> {});

  @Test
  void aSeedHasTheSameRoundsTwice() {
    assertEquals(rounds(7).toString(), rounds(7).toString());
    assertNotEquals(rounds(7).toString(), rounds(8).toString());
  }

  @Test
  void faultsThatExcludeEachOtherAreNotInOneRound() {
    for (var round : rounds(1)) {
      for (var one : round.faults()) {
        for (var other : round.faults()) {
          assertFalse(!one.equals(other) && one.fault().excludes(other.fault()), round.toString());
        }
      }
    }
  }

  @Test
  void faultsOfOneServerExcludeEachOther() {
    assertTrue(fault("server restarted").excludes(fault("failover to a standby")));
    assertTrue(fault("disk full").excludes(fault("server killed (kill -9), crash recovery")));
    assertTrue(fault("failover to a standby").excludes(fault("passwords expired")));
    assertFalse(fault("disk full").excludes(fault("passwords expired")));
    assertFalse(fault("a migration").excludes(fault("server restarted")));
  }

  @Test
  void everyFaultIsDrawnAndMostOverlapAnother() {
    var drawn = new HashSet<Fault>();
    var overlaps = 0L;
    for (var round : rounds(1)) {
      round.faults().forEach(planned -> drawn.add(planned.fault()));
      overlaps += round.overlaps();
    }
    assertEquals(new HashSet<>(FAULTS), drawn);
    assertTrue(overlaps > 100, overlaps + " overlaps");
  }

  private static List<Round> rounds(long seed) {
    return Stream.generate(new RandomRounds(seed, FAULTS)::next).limit(200).toList();
  }

  private static Fault fault(String name) {
    return FAULTS.stream().filter(fault -> fault.name().equals(name)).findFirst().orElseThrow();
  }
}
