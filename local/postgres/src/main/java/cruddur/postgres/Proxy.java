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
 * A TCP proxy that simulates a bad network between a function and its database. It can cut, stall,
 * slow and forget connections, and lose replies. Safe for use by several threads.
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

  /** Starts a proxy on a free port that leads to a port of 127.0.0.1. */
  public static Proxy to(int port) {
    return between(loopback(0), loopback(port));
  }

  /** Starts a proxy that terminates TLS, like the port forwarder of a cloud workspace. */
  public static Proxy terminatingTls(SSLContext certified, int port) {
    return listening(certified.getServerSocketFactory(), loopback(0), loopback(port));
  }

  /**
   * Starts a proxy between two addresses.
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

  /** The number of connections that it has accepted. */
  public int opened() {
    return opened.get();
  }

  /** The number of replies of the database, without those of signing in. */
  public int roundTrips() {
    return roundTrips.get();
  }

  /** Leads new connections to another port, like a DNS name that has moved. */
  public void redirectTo(int port) {
    target = loopback(port);
  }

  /** Cuts all open connections. */
  public void cut() {
    links.forEach(Link::close);
  }

  /** Switches refusing on or off: each new connection is cut at once. */
  public void refuse(boolean on) {
    refusing = on;
  }

  /** Switches stalling on or off: nothing is carried, and new connections are accepted. */
  public void stall(boolean on) {
    stalled = on;
  }

  /** Delays each chunk of bytes. */
  public void slow(Duration by) {
    delay = by;
  }

  /**
   * Calls an observer with each chunk of a client, before the database gets it.
   *
   * @param observer called by several threads
   */
  public void watch(Consumer<byte[]> observer) {
    this.observer = observer;
  }

  /** Drops all further bytes of the open connections, and leaves them open. */
  public void forget() {
    links.forEach(link -> link.forgotten = true);
  }

  /** Cuts the connection instead of carrying the next replies. Their statements have run. */
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
      // It is closed either way.
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
    private volatile boolean awaitsReply;

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
            awaitsReply |= isStatement(chunk);
          } else if (awaitsReply) {
            awaitsReply = false;
            roundTrips.incrementAndGet();
            if (losesThisReply()) {
              return;
            }
          }
          to.getOutputStream().write(chunk, 0, length);
        }
      } catch (IOException _) {
        // One side has ended, so the other ends too.
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } finally {
        // A forgotten connection stays open for the client, even if the server has ended.
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

    /** Whether a message is not part of signing in, which has no type or the type {@code p}. */
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
