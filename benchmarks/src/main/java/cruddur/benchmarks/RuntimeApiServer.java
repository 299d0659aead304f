package cruddur.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Lambda's Runtime API for one process, on the thread that asks for the next request: no other
 * thread has to wake up between a function and the clock.
 */
final class RuntimeApiServer implements AutoCloseable {
  private final Selector selector;
  private final ServerSocketChannel server;
  private final Queue<HttpConnection> readable = new ArrayDeque<>();
  private boolean awake;

  /** Starts listening on a free port. */
  RuntimeApiServer() {
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
  String address() {
    return "127.0.0.1:" + server.socket().getLocalPort();
  }

  /**
   * From now on waits without sleeping, which takes a processor: to wake up would be from 40 to 170
   * of the 600 microseconds that a call lasts.
   */
  void stayAwake() {
    awake = true;
  }

  /**
   * Waits for the next request, on whichever connection it comes.
   *
   * @throws SocketTimeoutException if there is none within the limit
   */
  HttpConnection.Request await(Duration limit) throws IOException {
    var deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      for (var connection = readable.poll(); connection != null; connection = readable.poll()) {
        var request = connection.read();
        if (request.isPresent()) {
          return request.get();
        }
      }
      var milliseconds = (deadline - System.nanoTime()) / 1_000_000;
      if (milliseconds <= 0) {
        throw new SocketTimeoutException("no request within " + limit.toSeconds() + " s");
      }
      if (awake) {
        selector.selectNow(this::ready);
        Thread.onSpinWait();
      } else {
        selector.select(this::ready, milliseconds);
      }
    }
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof HttpConnection connection) {
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
        channel.register(selector, SelectionKey.OP_READ, new HttpConnection(channel));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() throws IOException {
    for (var key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
