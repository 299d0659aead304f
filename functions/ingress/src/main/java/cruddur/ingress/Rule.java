package cruddur.ingress;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A rule that this function made: one address that may reach the database, and for whom.
 *
 * @param id EC2's name for it, {@code sgr-...}
 * @param madeFor the workspace that it was made for, which may have left
 */
record Rule(String id, Address address, String madeFor, List<Hold> holds) {
  Rule {
    holds = List.copyOf(holds);
  }

  Optional<Hold> holdOf(String workspace) {
    return holds.stream().filter(hold -> hold.workspace().equals(workspace)).findFirst();
  }

  boolean isHeldAt(Instant instant) {
    return holds.stream().anyMatch(hold -> hold.isLiveAt(instant));
  }

  boolean isHeldBy(String workspace, Instant instant) {
    return holdOf(workspace).filter(hold -> hold.isLiveAt(instant)).isPresent();
  }

  boolean isHeldByOthersThan(String workspace, Instant instant) {
    return holds.stream()
        .anyMatch(hold -> !hold.workspace().equals(workspace) && hold.isLiveAt(instant));
  }

  /**
   * Which of a workspace's rules counts: all calls that see the same rules agree, and the latest is
   * never taken away.
   */
  static Comparator<Rule> byArrivalOf(String workspace) {
    return Comparator.<Rule, Instant>comparing(
            rule -> rule.holdOf(workspace).map(Hold::openedAt).orElse(Instant.EPOCH))
        .thenComparing(Rule::id);
  }
}
