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
 * Executes the commands of one call. A command reads the rules, adds what is missing, then removes
 * the rest. The next call or the sweep completes a call that ended early. The audit receives each
 * change at once. Without reserved concurrency, calls overlap; a call repeats a change that it does
 * not read back. When calls overlap, two failures stay possible. First, a call that ends a rule's
 * last lease may remove the rule, although another has just joined it. Second, both addresses stay
 * open if one workspace moves twice at once.
 */
final class Ingress {
  private static final int ATTEMPTS = 10;
  private static final long LONGEST_PAUSE_NANOS = 400_000_000;

  /**
   * The sweep waits this long after a lease's expiry: calls that read it as live have ended. An
   * opening replaces an expired rule by one with another id, and never renews it.
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

  List<Change> execute(Command command) {
    return switch (command) {
      case Command.Open open -> open(open);
      case Command.Close(var caller, var workspace) ->
          end(select(group.rules(), (_, lease) -> lease.isOf(caller.owner(), workspace)), now());
      case Command.ListLeases _ -> select(group.rules(), (_, _) -> true);
      case Command.Sweep _ -> {
        var late = now().minus(GRACE);
        yield end(select(group.rules(), (_, lease) -> !lease.isLiveAt(late)), late);
      }
    };
  }

  /** Repeats until the rules, when read back, have only the workspace's new address. */
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
          // Another call came first, or EC2 does not show the lease yet.
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

  /** Adds a lease to the address's rule, or makes the rule; false if another call came first. */
  private boolean add(Command.Open command, Lease lease, Optional<Rule> rule) {
    if (rule.filter(found -> !found.isOurs()).isPresent()) {
      throw new RefusedException(Reason.ADDRESS_OPENED_BY_OTHERS, "", null);
    }
    if (rule.isPresent() && rule.get().hasOtherLease(List.of(), now())) {
      return group.add(rule.get(), lease);
    }
    // An expired lease ends here, too, even if it is another owner's.
    rule.ifPresent(expired -> end(select(List.of(expired), (_, _) -> true), now()));
    return group.authorize(command.address(), command.caller().name(), lease);
  }

  /**
   * Ends leases, and removes rules that have no other lease. Sessions outlive their rule, so they
   * are ended after its removal, and also before it, since the call may end right after it.
   *
   * @param now the time at which another lease must be live to keep its rule
   */
  private List<Change> end(List<Change> selected, Instant now) {
    if (selected.isEmpty()) {
      return selected;
    }
    var leases = selected.stream().map(Change::lease).toList();
    var rules = selected.stream().map(Change::rule).distinct().toList();
    removeFromShared(rules, leases, now);
    // Other calls may have changed the rules since they were read.
    var byId = group.rules().stream().collect(Collectors.toMap(Rule::id, rule -> rule));
    var current = rules.stream().map(rule -> byId.getOrDefault(rule.id(), rule)).toList();
    removeFromShared(current, leases, now);
    var unused = current.stream().filter(rule -> !rule.hasOtherLease(leases, now)).toList();
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

  private void removeFromShared(List<Rule> rules, List<Lease> leases, Instant now) {
    for (var rule : rules) {
      if (rule.hasOtherLease(leases, now)) {
        rule.leases().stream().filter(leases::contains).forEach(lease -> group.remove(rule, lease));
      }
    }
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
