package cruddur.faults;

import cruddur.testbed.Machine;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Plays the rounds of a seed while clients call, prints what happens, and compares. It stops after
 * the first round that breaks a promise.
 */
final class Nemesis {
  /** Far above the promised recovery, since other programs may use the processor. */
  private static final Duration LONGEST_RECOVERY = Duration.ofMinutes(3);

  /** The pause of a client after each response, so that the processors are not busy. */
  private static final Duration REST = Duration.ofMillis(50);

  private static final int SIGN_INS_AT_ONCE = 4;

  /** The most sign-ins of a user at the end. */
  private static final int SIGN_INS = 3;

  private final FaultFixture fixture;
  private final long seed;
  private final RandomRounds randomRounds;
  private final boolean keys;
  private final PrintStream out;
  private final Ledger ledger = new Ledger();
  private final List<String> broken = new ArrayList<>();
  private long begin = System.nanoTime();
  private int rounds;
  private int faults;
  private long overlaps;
  private Duration recovery = Duration.ZERO;

  /**
   * Prepares a run.
   *
   * @param faults the faults to draw from
   * @param keys if false, no post has a key, and each is repeated, which is wrong
   * @param out gets a line for each event
   */
  Nemesis(FaultFixture fixture, long seed, List<Fault> faults, boolean keys, PrintStream out) {
    this.fixture = fixture;
    this.seed = seed;
    this.randomRounds = new RandomRounds(seed, faults);
    this.keys = keys;
    this.out = out;
  }

  /** Plays at least one round, until a time has passed, and compares. */
  NemesisResult run(Duration time) throws Exception {
    try (var crowd = new Crowd(REST)) {
      start(crowd);
      begin = System.nanoTime();
      do {
        play(randomRounds.next(), crowd);
      } while (broken.isEmpty() && ledger.wrongs().isEmpty() && elapsed().compareTo(time) < 0);
    }
    print("calm: all users sign in, the sweep runs");
    var balance = ledger.balance(fixture.server());
    signInAll();
    fixture.sweep();
    return result(balance);
  }

  private List<Client> clients() {
    var clients = new ArrayList<>(fixture.clients(ledger, keys));
    clients.add(Client.newcomers(fixture.calls(ledger)));
    return clients;
  }

  /** Starts one client after another, since an environment's start takes a processor. */
  private void start(Crowd crowd) throws InterruptedException {
    var clients = clients();
    for (var client : clients) {
      crowd.add(client);
      if (crowd.servedSince(System.nanoTime(), LONGEST_RECOVERY).equals(LONGEST_RECOVERY)) {
        throw new IllegalStateException("not served before the first fault: " + ledger.wrongs());
      }
    }
    print("%d clients are served".formatted(clients.size()));
  }

  private void play(Round round, Crowd crowd) throws Exception {
    rounds++;
    faults += round.faults().size();
    overlaps += round.overlaps();
    print("round %d: %s".formatted(rounds, round));
    playAll(round);
    var back = crowd.servedSince(System.nanoTime(), LONGEST_RECOVERY);
    recovery = back.compareTo(recovery) > 0 ? back : recovery;
    print(
        "  back after %.2f s; posts %d, acknowledged %d, unavailable %d, timed out %d"
            .formatted(
                back.toMillis() / 1e3,
                ledger.attempted(),
                ledger.acknowledged(),
                ledger.unavailables(),
                ledger.timeouts().size()));
    if (back.equals(LONGEST_RECOVERY)) {
      broken.add("not back after round " + rounds + ": " + round);
    }
    Thread.sleep(round.pause());
  }

  private void playAll(Round round) throws Exception {
    var running = new ArrayList<Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var planned : round.faults()) {
        running.add(threads.submit(() -> play(planned)));
      }
    }
    for (var ended : running) {
      ended.get();
    }
  }

  private Void play(Round.Planned planned) throws Exception {
    var fault = planned.fault();
    Thread.sleep(planned.begin());
    print("  begins: " + fault);
    if (fault.needsRoot() && !Machine.isRoot()) {
      print("  left out, since it needs root: " + fault);
    } else {
      fault.script().play(fixture, planned.length());
    }
    print("  ends:   " + fault);
    return null;
  }

  /** Signs in every confirmed user. Users who still have no row sign in again. */
  private void signInAll() throws Exception {
    var subs = ledger.confirmed();
    for (var time = 1; time <= SIGN_INS && !subs.isEmpty(); time++) {
      print("  %d users sign in".formatted(subs.size()));
      signIn(subs);
      subs = ledger.withoutRow(fixture.server(), subs);
    }
  }

  private void signIn(Set<String> subs) throws Exception {
    var calls = fixture.calls(ledger);
    try (var threads = Executors.newFixedThreadPool(SIGN_INS_AT_ONCE)) {
      for (var sub : subs) {
        threads.execute(() -> new PoolUser(calls, sub).signIn());
      }
    }
  }

  private NemesisResult result(Ledger.Balance balance) throws Exception {
    if (!ledger.wrongs().isEmpty()) {
      broken.add("wrong responses, after %d rounds: %s".formatted(rounds, ledger.wrongs()));
    }
    var rows = ledger.rows(fixture.server(), ledger.confirmed());
    return new NemesisResult(
        seed,
        elapsed(),
        faults,
        overlaps,
        balance,
        rows.size(),
        rows.values().stream().filter(count -> count == 0).count(),
        rows.values().stream().filter(count -> count > 1).count(),
        fixture.overdue(),
        recovery,
        List.copyOf(broken));
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private void print(String what) {
    out.println(String.format(Locale.ROOT, "%7.1f s  %s", elapsed().toMillis() / 1e3, what));
  }
}
