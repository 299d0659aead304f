package cruddur.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Clients that call at the same time, each again after its answer, and 50 ms after a refusal. */
final class Crowd implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Duration LONGEST_LEAVE = Duration.ofSeconds(5);

  private final List<Member> members = new ArrayList<>();
  private final Duration rest;
  private volatile boolean leaving;
  private volatile long leavingSince;

  private record Member(Thread thread, Queue<Long> servedAt) {}

  /** Clients that begin at once and never rest. */
  Crowd(List<Client> clients) {
    this(Duration.ZERO);
    clients.forEach(this::add);
  }

  /**
   * A crowd without a client yet.
   *
   * @param rest of each client after an answer that served it
   */
  Crowd(Duration rest) {
    this.rest = rest;
  }

  /** Lets another client begin. */
  void add(Client client) {
    var servedAt = new ConcurrentLinkedQueue<Long>();
    members.add(new Member(Thread.startVirtualThread(() -> work(client, servedAt)), servedAt));
  }

  /** Does not leave before its last call was served, or a while has passed. */
  private void work(Client client, Queue<Long> servedAt) {
    var served = true;
    while (!leaving || (!served && System.nanoTime() - leavingSince < LONGEST_LEAVE.toNanos())) {
      served = client.call();
      if (served) {
        servedAt.add(System.nanoTime());
      }
      pause(served ? rest : PAUSE);
    }
  }

  private static void pause(Duration length) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until every client has been served since a moment, which is later than that of the last
   * call.
   *
   * @return how long after the moment the last of them was; the limit, if one was not
   */
  Duration servedSince(long nanos, Duration limit) throws InterruptedException {
    var last = Duration.ZERO;
    for (var member : members) {
      var first = firstSince(member, nanos);
      while (first < 0 && System.nanoTime() - nanos < limit.toNanos()) {
        Thread.sleep(10);
        first = firstSince(member, nanos);
      }
      if (first < 0) {
        return limit;
      }
      var after = Duration.ofNanos(first - nanos);
      last = after.compareTo(last) > 0 ? after : last;
    }
    return last;
  }

  private static long firstSince(Member member, long nanos) {
    var servedAt = member.servedAt;
    var first = servedAt.peek();
    while (first != null && first - nanos < 0) {
      servedAt.remove();
      first = servedAt.peek();
    }
    return first == null ? -1 : first;
  }

  /** Waits until all have had their last answer. */
  @Override
  public void close() {
    leavingSince = System.nanoTime();
    leaving = true;
    for (var member : members) {
      try {
        member.thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
