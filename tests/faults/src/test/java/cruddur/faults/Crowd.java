package cruddur.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Clients that call at the same time. Each calls again after its response; after one that did not
 * serve it, 50 ms later.
 */
final class Crowd implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final List<Member> members = new ArrayList<>();
  private final Duration rest;
  private volatile boolean stopping;
  private volatile long stoppingSince;

  private record Member(Thread thread, Queue<Served> served) {}

  /** A call that was served, in nanoseconds of the monotonic clock. */
  private record Served(long began, long ended) {}

  /** Clients that begin at once and call without a pause. */
  Crowd(List<Client> clients) {
    this(Duration.ZERO);
    clients.forEach(this::add);
  }

  /**
   * A crowd without clients.
   *
   * @param rest pause of each client after a call that was served
   */
  Crowd(Duration rest) {
    this.rest = rest;
  }

  /** Adds a client, which begins at once. */
  void add(Client client) {
    var calls = new ConcurrentLinkedQueue<Served>();
    members.add(new Member(Thread.startVirtualThread(() -> work(client, calls)), calls));
  }

  /** Ends when the crowd stops and the last call was served, or a time limit has passed. */
  private void work(Client client, Queue<Served> calls) {
    var served = true;
    while (!stopping || (!served && System.nanoTime() - stoppingSince < STOP_LIMIT.toNanos())) {
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
   * Waits until a call that began after a moment was served, for every client. An earlier call does
   * not count: its response may be older than the moment. Each call of this method needs a later
   * moment.
   *
   * @return the time from the moment until the last client was served; the limit, if one was not
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

  @Override
  public void close() {
    stoppingSince = System.nanoTime();
    stopping = true;
    for (var member : members) {
      try {
        member.thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
