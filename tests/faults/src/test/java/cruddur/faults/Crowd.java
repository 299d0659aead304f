package cruddur.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Clients that call at the same time, each again after its response, and 50 ms after a refusal. */
final class Crowd implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Duration LONGEST_LEAVE = Duration.ofSeconds(5);

  private final List<Member> members = new ArrayList<>();
  private final Duration rest;
  private volatile boolean leaving;
  private volatile long leavingSince;

  private record Member(Thread thread, Queue<Served> served) {}

  /** A call that was served, in nanoseconds of the monotonic clock. */
  private record Served(long began, long ended) {}

  /** Clients that begin at once and never rest. */
  Crowd(List<Client> clients) {
    this(Duration.ZERO);
    clients.forEach(this::add);
  }

  /**
   * A crowd without a client yet.
   *
   * @param rest of each client after a response that served it
   */
  Crowd(Duration rest) {
    this.rest = rest;
  }

  /** Lets another client begin. */
  void add(Client client) {
    var calls = new ConcurrentLinkedQueue<Served>();
    members.add(new Member(Thread.startVirtualThread(() -> work(client, calls)), calls));
  }

  /** Does not leave before its last call was served, or a while has passed. */
  private void work(Client client, Queue<Served> calls) {
    var served = true;
    while (!leaving || (!served && System.nanoTime() - leavingSince < LONGEST_LEAVE.toNanos())) {
      var began = System.nanoTime();
      served = client.call();
      if (served) {
        calls.add(new Served(began, System.nanoTime()));
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
   * Waits until every client has been served by a call that it began after a moment: a call that
   * was under way may have its response from before. The moment is later than that of the last call
   * of this method.
   *
   * @return from the moment until the last client was served; the limit, if one was not
   */
  Duration servedSince(long nanos, Duration limit) throws InterruptedException {
    var last = Duration.ZERO;
    for (var member : members) {
      var first = firstSince(member, nanos);
      while (first == null && System.nanoTime() - nanos < limit.toNanos()) {
        Thread.sleep(10);
        first = firstSince(member, nanos);
      }
      if (first == null) {
        return limit;
      }
      var after = Duration.ofNanos(first.ended - nanos);
      last = after.compareTo(last) > 0 ? after : last;
    }
    return last;
  }

  private static @Nullable Served firstSince(Member member, long nanos) {
    var calls = member.served;
    var first = calls.peek();
    while (first != null && first.began - nanos < 0) {
      calls.remove();
      first = calls.peek();
    }
    return first;
  }

  /** Waits until all have had their last response. */
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
