package cruddur.ingress;

import cruddur.ingress.Change.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Carries out orders, for one call. Every order is a row of steps that may end after any of them:
 * what a workspace has is taken away only when what it gets is there, and the next call goes on
 * from whatever it finds. EC2 has no transactions, so calls at the same time agree by what they
 * read.
 */
final class Ingress {
  private static final int ATTEMPTS = 5;
  private static final Duration PAUSE = Duration.ofMillis(200);

  /**
   * A hold is renewed until it expires and swept a little later, so that the two never meet. One
   * that has expired in between is not renewed: its rule is made anew, under another id.
   */
  private static final Duration SWEPT_AFTER = Duration.ofMinutes(1);

  private final SecurityGroup group;
  private final Sessions sessions;
  private final InstantSource clock;

  Ingress(SecurityGroup group, Sessions sessions, InstantSource clock) {
    this.group = group;
    this.sessions = sessions;
    this.clock = clock;
  }

  List<Change> carryOut(Order order) {
    return switch (order) {
      case Order.Open open -> open(open);
      case Order.Close(var workspace) -> release(workspace, group.rules().of(workspace));
      case Order.Overview() -> overview();
      case Order.Sweep() -> sweep();
    };
  }

  private List<Change> overview() {
    var changes = new ArrayList<Change>();
    for (var rule : group.rules().ours()) {
      rule.holds().forEach(hold -> changes.add(Change.of(rule, hold, Kind.UNCHANGED)));
    }
    return changes;
  }

  private List<Change> open(Order.Open order) {
    var first = group.rules();
    var before = first;
    for (var attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (before.others().contains(order.address())) {
        throw new OrderRefused(Refusal.ADDRESS_OPENED_BY_OTHERS);
      }
      var done = hold(order, before);
      var after = group.rules();
      if (done && isHeld(order, after)) {
        return settle(order, kind(order, first), after);
      }
      // Another call was here at the same time, or EC2 does not yet show what it did.
      pause();
      before = group.rules();
    }
    throw new OrderRefused(Refusal.RULE_NOT_VISIBLE);
  }

  /** Renews the workspace's hold on the address, joins the others there, or makes the rule. */
  private boolean hold(Order.Open order, Rules before) {
    var now = now();
    var rule = before.at(order.address());
    var live = rule.filter(found -> found.isHeldAt(now));
    if (live.isEmpty()) {
      rule.ifPresent(expired -> group.revoke(List.of(expired)));
      return group.authorize(order.address(), newHold(order, before, false));
    }
    var own = live.get().holdOf(order.workspace());
    var hold = newHold(order, before, own.map(Hold::guest).orElse(!isMaker(order, live.get())));
    var isAlone = before.of(order.workspace()).size() == 1;
    var isRenewal = own.isPresent() && isAlone;
    return group.tag(live.get(), isRenewal ? hold.expiryTag() : hold.tags());
  }

  private static boolean isMaker(Order.Open order, Rule rule) {
    return rule.madeFor().equals(order.workspace());
  }

  /** A hold that is later than any other of the workspace's, whichever clock wrote those. */
  private Hold newHold(Order.Open order, Rules before, boolean guest) {
    var now = now();
    var openedAt =
        before.of(order.workspace()).stream()
            .flatMap(rule -> rule.holdOf(order.workspace()).stream())
            .map(hold -> hold.openedAt().plus(1, ChronoUnit.MICROS))
            .filter(instant -> instant.isAfter(now))
            .max(Instant::compareTo)
            .orElse(now);
    var expiresAt = now.plus(order.life()).truncatedTo(ChronoUnit.SECONDS);
    return new Hold(order.workspace(), guest, order.openedBy(), openedAt, expiresAt);
  }

  private boolean isHeld(Order.Open order, Rules rules) {
    return rules.at(order.address()).stream()
        .anyMatch(rule -> rule.isHeldBy(order.workspace(), now()));
  }

  private Kind kind(Order.Open order, Rules before) {
    if (isHeld(order, before)) {
      return Kind.RENEWED;
    }
    return before.of(order.workspace()).stream()
            .allMatch(rule -> rule.address().equals(order.address()))
        ? Kind.OPENED
        : Kind.MOVED;
  }

  /**
   * Leaves the workspace with its latest address alone. Of two calls for two addresses at once at
   * least one sees both, and both agree on which is the latest.
   */
  private List<Change> settle(Order.Open order, Kind kind, Rules after) {
    var workspace = order.workspace();
    var rules = new ArrayList<>(after.of(workspace));
    rules.sort(Rule.byArrivalOf(workspace));
    var latest = rules.removeLast();
    if (!latest.address().equals(order.address())) {
      release(workspace, rules);
      throw new OrderRefused(Refusal.WORKSPACE_MOVED);
    }
    var changes = new ArrayList<Change>();
    changes.add(Change.of(latest, latest.holdOf(workspace).orElseThrow(), kind));
    changes.addAll(release(workspace, rules));
    return changes;
  }

  /** Ends a workspace's hold on rules, and takes those away that nobody else holds. */
  private List<Change> release(String workspace, List<Rule> rules) {
    var now = now();
    var unheld = new ArrayList<Rule>();
    var shared = new ArrayList<Rule>();
    for (var rule : rules) {
      (rule.isHeldByOthersThan(workspace, now) ? shared : unheld).add(rule);
    }
    for (var rule : shared) {
      rule.holdOf(workspace).ifPresent(hold -> group.untag(rule, hold.tagsToRemove()));
    }
    if (!shared.isEmpty()) {
      // The others may have left at the same time, each seeing the other's hold.
      group.rules().ours().stream()
          .filter(rule -> !rule.isHeldAt(now))
          .filter(rule -> shared.stream().anyMatch(left -> left.id().equals(rule.id())))
          .forEach(unheld::add);
    }
    var ended = close(unheld);
    return rules.stream()
        .flatMap(rule -> rule.holdOf(workspace).map(hold -> closed(rule, hold, ended)).stream())
        .toList();
  }

  private List<Change> sweep() {
    var late = now().minus(SWEPT_AFTER);
    var unheld = new ArrayList<Rule>();
    var expired = new ArrayList<Map.Entry<Rule, Hold>>();
    for (var rule : group.rules().ours()) {
      var isHeld = rule.isHeldAt(late);
      if (!isHeld) {
        unheld.add(rule);
      }
      for (var hold : rule.holds()) {
        if (!hold.isLiveAt(late)) {
          expired.add(Map.entry(rule, hold));
          if (isHeld) {
            group.untag(rule, hold.tagsToRemove());
          }
        }
      }
    }
    var ended = close(unheld);
    return expired.stream().map(entry -> closed(entry.getKey(), entry.getValue(), ended)).toList();
  }

  private static Change closed(
      Rule rule, Hold hold, Optional<Map<Address, Integer>> sessionsEnded) {
    var count =
        sessionsEnded
            .map(counts -> OptionalInt.of(counts.getOrDefault(rule.address(), 0)))
            .orElse(OptionalInt.empty());
    return new Change(rule, hold, Kind.CLOSED, count);
  }

  /**
   * Takes rules away and ends the sessions from their addresses. Those are ended before, too: else
   * they would outlive a call that ends in between, since nothing tells the next one of them.
   *
   * @return sessions ended by address; empty if the database could not be reached
   */
  private Optional<Map<Address, Integer>> close(List<Rule> rules) {
    if (rules.isEmpty()) {
      return Optional.of(Map.of());
    }
    var addresses = rules.stream().map(Rule::address).distinct().toList();
    var before = sessions.end(addresses);
    group.revoke(rules);
    return before.flatMap(counts -> sessions.end(addresses).map(more -> sum(counts, more)));
  }

  private static Map<Address, Integer> sum(Map<Address, Integer> one, Map<Address, Integer> two) {
    var sums = new HashMap<>(one);
    two.forEach((address, count) -> sums.merge(address, count, Integer::sum));
    return sums;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
