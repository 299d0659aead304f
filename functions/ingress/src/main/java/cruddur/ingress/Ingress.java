package cruddur.ingress;

import cruddur.ingress.Change.Kind;
import cruddur.ingress.RefusedException.Reason;
import cruddur.ingress.Rule.Lease;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Carries out commands, for one call. Each reads the rules, adds what is missing, then removes the
 * rest. A call may end after any step: the next one or the sweep finishes it. The audit receives
 * each change when it is made. Reserved concurrency admits one writer at a time. Without it, the
 * read-back decides, and the loser repeats. Two cases are left then: a rule's last lease that ends
 * while another begins can take away that other's access, and two moves of one workspace at once,
 * between shared addresses, can leave both open.
 */
final class Ingress {
  private static final int ATTEMPTS = 10;
  private static final long LONGEST_PAUSE_NANOS = 400_000_000;

  /**
   * The sweep ends a lease later than it expires, by more than a call may take: a call that saw a
   * live lease is over then. An expired rule is never renewed but made again, under another id.
   */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final SecurityGroup group;
  private final Sessions sessions;
  private final InstantSource clock;
  private final Consumer<List<Change>> audit;

  Ingress(
      SecurityGroup group, Sessions sessions, InstantSource clock, Consumer<List<Change>> audit) {
    this.group = group;
    this.sessions = sessions;
    this.clock = clock;
    this.audit = audit;
  }

  List<Change> carryOut(Command command) {
    return switch (command) {
      case Command.Open open -> open(open);
      case Command.Close(var caller, var workspace) ->
          end(select(group.rules(), (_, lease) -> lease.isOf(caller.owner(), workspace)), now());
      case Command.Overview _ -> select(group.rules(), (_, _) -> true);
      case Command.Sweep _ -> {
        var late = now().minus(GRACE);
        yield end(select(group.rules(), (_, lease) -> !lease.isLiveAt(late)), late);
      }
    };
  }

  /** Goes on until the rules, as they are read back, have the workspace's new address alone. */
  private List<Change> open(Command.Open command) {
    var lease = Lease.of(command.caller(), command.workspace(), now().plus(command.duration()));
    var rules = group.rules();
    var wasHere =
        at(command.address(), rules).stream()
            .flatMap(rule -> rule.leases().stream())
            .anyMatch(found -> found.tag().equals(lease.tag()) && found.isLiveAt(now()));
    var isAdded = false;
    var changes = new ArrayList<Change>();
    for (var attempt = 1; attempt <= ATTEMPTS; attempt++) {
      var rule = at(command.address(), rules);
      var others =
          select(
              rules,
              (found, other) ->
                  other.isOf(lease.owner(), lease.workspace())
                      && !found.address().equals(command.address())
                      && changes.stream().noneMatch(ended -> ended.rule().id().equals(found.id())));
      if (!isAdded || rule.filter(found -> found.leases().contains(lease)).isEmpty()) {
        if (attempt > 1) {
          // Another call was quicker, or EC2 does not show the lease yet. No test waits for this.
          LockSupport.parkNanos(new SecureRandom().nextLong(LONGEST_PAUSE_NANOS));
        }
        isAdded = add(command, lease, rule);
      } else if (!others.isEmpty()) {
        changes.addAll(end(others, now()));
      } else {
        var kind = wasHere ? Kind.RENEWED : changes.isEmpty() ? Kind.OPENED : Kind.MOVED;
        changes.addFirst(new Change(rule.orElseThrow(), lease, kind, OptionalInt.of(0)));
        audit.accept(changes.subList(0, 1));
        return changes;
      }
      rules = group.rules();
    }
    throw new RefusedException(Reason.RULE_NOT_VISIBLE, "", null);
  }

  /** Adds a lease to the address's rule or makes the rule; false if another call was quicker. */
  private boolean add(Command.Open command, Lease lease, Optional<Rule> rule) {
    if (rule.filter(found -> !found.isOurs()).isPresent()) {
      throw new RefusedException(Reason.ADDRESS_OPENED_BY_OTHERS, "", null);
    }
    if (rule.isPresent() && rule.get().isLeasedWithout(List.of(), now())) {
      return group.add(rule.get(), lease);
    }
    // An expired lease ends like any other, also if it is another owner's.
    rule.ifPresent(expired -> end(select(List.of(expired), (_, _) -> true), now()));
    return group.authorize(command.address(), command.caller().name(), lease);
  }

  /**
   * Ends leases, and removes rules without another one. The sessions from their addresses outlive a
   * rule, so they are ended after it. They are ended before, too: if the call ends in between, no
   * later one finds them.
   *
   * @param now the time at which another lease must be live
   */
  private List<Change> end(List<Change> selected, Instant now) {
    if (selected.isEmpty()) {
      return selected;
    }
    var leases = selected.stream().map(Change::lease).toList();
    for (var change : selected) {
      if (change.rule().isLeasedWithout(leases, now)) {
        group.remove(change.rule(), change.lease());
      }
    }
    // Read again: other workspaces may leave a shared address at the same time.
    var current = group.rules().stream().collect(Collectors.toMap(Rule::id, rule -> rule));
    var unused =
        selected.stream()
            .map(change -> current.getOrDefault(change.rule().id(), change.rule()))
            .filter(rule -> !rule.isLeasedWithout(leases, now))
            .distinct()
            .toList();
    var addresses = unused.stream().map(Rule::address).toList();
    sessions.end(addresses);
    group.revoke(unused);
    sessions.end(addresses);
    var closed =
        selected.stream()
            .map(change -> change.closed(sessions.ended(change.rule().address())))
            .toList();
    audit.accept(closed);
    return closed;
  }

  private static List<Change> select(List<Rule> rules, BiPredicate<Rule, Lease> which) {
    return rules.stream()
        .flatMap(
            rule ->
                rule.leases().stream()
                    .filter(lease -> which.test(rule, lease))
                    .map(lease -> new Change(rule, lease, Kind.UNCHANGED, OptionalInt.of(0))))
        .toList();
  }

  private static Optional<Rule> at(String address, List<Rule> rules) {
    return rules.stream().filter(rule -> rule.address().equals(address)).findFirst();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
