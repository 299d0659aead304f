package cruddur.local.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Lambda Runtime API for one execution environment ("Using the Lambda runtime API" in the
 * Lambda developer guide, version 2018-06-01). It works on the thread that calls {@link #await}, so
 * that a benchmark measures no switch between threads. Not for use by several threads at once,
 * except {@link #wakeUp} and {@link #close}.
 */
public final class RuntimeApi implements AutoCloseable {
  private static final String ROOT = "/2018-06-01/runtime/";

  private final Selector selector;
  private final ServerSocketChannel server;
  private final Queue<RuntimeConnection> readable = new ArrayDeque<>();

  /** All connections; only the waiting thread may read the selector's keys. */
  private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

  private volatile boolean woken;
  private boolean busy;

  /**
   * One invocation.
   *
   * @param deadline the time by which the function must respond
   * @param functionArn the function's address in AWS
   */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are neither changed nor compared.
  public record Call(String requestId, byte[] event, Instant deadline, String functionArn) {}

  /**
   * A request of a runtime, without a response yet.
   *
   * @param arrived time of its last bytes, by {@link System#nanoTime()}
   */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are neither changed nor compared.
  public record Request(
      String method, String path, byte[] body, long arrived, RuntimeConnection connection) {
    /** Whether the runtime asks for its next invocation. */
    public boolean isNext() {
      return path.equals(ROOT + "invocation/next");
    }

    /** Whether the runtime has reached its checkpoint, and waits for the restore. */
    public boolean isCheckpoint() {
      return path.equals(ROOT + "restore/next");
    }

    /** Whether the body is a handler's response. */
    public boolean isResponse() {
      return path.startsWith(ROOT + "invocation/") && path.endsWith("/response");
    }

    /** Whether the body describes a failure of a handler or of the start. */
    public boolean isError() {
      return path.startsWith(ROOT) && path.endsWith("/error");
    }

    /**
     * Answers with an invocation.
     *
     * @return the time just before its first byte was sent, by {@link System#nanoTime()}
     */
    public long respond(Call call) throws IOException {
      return connection.respond(
          200,
          Map.of(
              "Content-Type", "application/json",
              "Lambda-Runtime-Aws-Request-Id", call.requestId(),
              "Lambda-Runtime-Deadline-Ms", Long.toString(call.deadline().toEpochMilli()),
              "Lambda-Runtime-Invoked-Function-Arn", call.functionArn()),
          call.event());
    }

    /** Answers that the runtime is restored. */
    public void restore() throws IOException {
      connection.respond(200, Map.of(), new byte[0]);
    }

    /** Answers that the body was taken. */
    public void accept() throws IOException {
      connection.respond(
          202,
          Map.of("Content-Type", "application/json"),
          "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Starts listening on a free port. */
  public RuntimeApi() {
    try {
      selector = Selector.open();
      server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The value of AWS_LAMBDA_RUNTIME_API. */
  public String address() {
    return "127.0.0.1:" + server.socket().getLocalPort();
  }

  /**
   * Makes every later wait a busy one, which uses a whole processor. A benchmark would otherwise
   * measure the 40 to 170 microseconds in which a thread wakes up.
   */
  public void waitBusily() {
    busy = true;
  }

  /** Ends the wait of {@link #await}, after it has read what has arrived. */
  public void wakeUp() {
    woken = true;
    selector.wakeup();
  }

  /**
   * Waits for the next request on any connection; empty if the limit passed or the wait was ended.
   */
  public Optional<Request> await(Duration limit) throws IOException {
    var deadline = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        var ends = woken || System.nanoTime() >= deadline;
        if (busy || ends) {
          selector.selectNow(this::ready);
          Thread.onSpinWait();
        } else {
          selector.select(this::ready, Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        }
        var request = read();
        if (request.isPresent() || ends) {
          return request;
        }
      }
    } catch (ClosedSelectorException _) {
      return Optional.empty();
    }
  }

  private Optional<Request> read() throws IOException {
    for (var connection = readable.poll(); connection != null; connection = readable.poll()) {
      var request = connection.read();
      if (request.isPresent()) {
        return request;
      }
    }
    return Optional.empty();
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof RuntimeConnection connection) {
      readable.add(connection);
    } else {
      accept();
    }
  }

  private void accept() {
    try {
      SocketChannel channel = server.accept();
      if (channel != null) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        clients.add(channel);
        channel.register(selector, SelectionKey.OP_READ, new RuntimeConnection(channel));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Stops serving, and closes the connections of waiting runtimes. */
  @Override
  public void close() {
    try {
      server.close();
      selector.close();
      for (var client : clients) {
        client.close();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
