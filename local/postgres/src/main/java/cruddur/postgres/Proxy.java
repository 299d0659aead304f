package cruddur.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/**
 * A bad network between a function and its database: a TCP proxy that cuts, stalls, slows, forgets
 * connections and loses the replies to statements. Safe for use by several threads.
 */
public final class Proxy implements AutoCloseable {
  private static final int LARGEST_CHUNK = 65_536;

  private final ServerSocket listener;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger repliesToLose = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger roundTrips = new AtomicInteger();
  private volatile InetSocketAddress target;
  private volatile boolean refusing;
  private volatile boolean stalled;
  private volatile Duration delay = Duration.ZERO;
  private volatile Consumer<byte[]> observer = _ -> {};

  private Proxy(ServerSocket listener, InetSocketAddress target) {
    this.listener = listener;
    this.target = target;
    Thread.startVirtualThread(this::accept);
  }

  /** Starts one on a free port that leads to a port of 127.0.0.1. */
  public static Proxy to(int port) {
    return between(loopback(0), loopback(port));
  }

  /**
   * Starts one that speaks TLS to its clients and not to the port that it leads to, as the
   * forwarder of a cloud workspace does.
   */
  public static Proxy terminatingTls(SSLContext certified, int port) {
    return listening(certified.getServerSocketFactory(), loopback(0), loopback(port));
  }

  /**
   * Starts one between two addresses.
   *
   * @param address where it listens; port 0 is a free one
   * @throws UncheckedIOException if its port is taken
   */
  public static Proxy between(InetSocketAddress address, InetSocketAddress target) {
    return listening(ServerSocketFactory.getDefault(), address, target);
  }

  private static Proxy listening(
      ServerSocketFactory sockets, InetSocketAddress address, InetSocketAddress target) {
    try {
      return new Proxy(
          sockets.createServerSocket(address.getPort(), 128, address.getAddress()), target);
    } catch (IOException failure) {
      throw new UncheckedIOException(address + " cannot be used", failure);
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** TCP port on which it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections it has accepted. */
  public int opened() {
    return opened.get();
  }

  /** How often the database has answered, signing in left out. */
  public int roundTrips() {
    return roundTrips.get();
  }

  /** Leads new connections to another port, as a name does that has moved. */
  public void redirectTo(int port) {
    target = loopback(port);
  }

  /** Cuts the connections that there are. */
  public void cut() {
    links.forEach(Link::close);
  }

  /** Cuts new connections as soon as they are there, or no longer. */
  public void refuse(boolean on) {
    refusing = on;
  }

  /** Carries nothing in either direction, or all that has waited. New connections are accepted. */
  public void stall(boolean on) {
    stalled = on;
  }

  /** Carries each chunk of bytes so much later. */
  public void slow(Duration by) {
    delay = by;
  }

  /**
   * Shows each chunk of bytes that a client sends, before the database has it.
   *
   * @param observer called by several threads
   */
  public void watch(Consumer<byte[]> observer) {
    this.observer = observer;
  }

  /** Swallows whatever comes over the connections that there are, and never closes them. */
  public void forget() {
    links.forEach(link -> link.forgotten = true);
  }

  /** Cuts the connection in place of the next replies to a statement, which has then been run. */
  public void loseReplies(int count) {
    repliesToLose.set(count);
  }

  private boolean losesThisReply() {
    return repliesToLose.getAndUpdate(left -> Math.max(left - 1, 0)) > 0;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        opened.incrementAndGet();
        Thread.startVirtualThread(() -> connect(client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    try {
      if (refusing) {
        client.close();
        return;
      }
      var link = new Link(client, new Socket(target.getAddress(), target.getPort()));
      links.add(link);
      link.start();
    } catch (IOException _) {
      closeQuietly(client);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // Which is what was wanted.
    }
  }

  /** Ends the proxy and every connection through it. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } finally {
      cut();
    }
  }

  private final class Link {
    private final Socket client;
    private final Socket server;
    private volatile boolean forgotten;
    private volatile boolean runs;

    Link(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    void start() {
      Thread.startVirtualThread(() -> carry(client, server, true));
      Thread.startVirtualThread(() -> carry(server, client, false));
    }

    private void carry(Socket from, Socket to, boolean request) {
      var chunk = new byte[LARGEST_CHUNK];
      try {
        for (var length = 0; (length = from.getInputStream().read(chunk)) >= 0; ) {
          hinder();
          if (forgotten) {
            continue;
          }
          if (request) {
            observer.accept(Arrays.copyOf(chunk, length));
            runs |= isStatement(chunk);
          } else if (runs) {
            runs = false;
            roundTrips.incrementAndGet();
            if (losesThisReply()) {
              return;
            }
          }
          to.getOutputStream().write(chunk, 0, length);
        }
      } catch (IOException _) {
        // Either side's end is the other's.
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } finally {
        if (!forgotten || request) {
          close();
        }
      }
    }

    private void hinder() throws InterruptedException {
      if (!delay.isZero()) {
        Thread.sleep(delay);
      }
      while (stalled) {
        Thread.sleep(5);
      }
    }

    /** All but what signs in: a message without a type, and those of type {@code p}. */
    private static boolean isStatement(byte[] chunk) {
      return chunk[0] != 0 && chunk[0] != 'p';
    }

    void close() {
      links.remove(this);
      closeQuietly(client);
      closeQuietly(server);
    }
  }
}
