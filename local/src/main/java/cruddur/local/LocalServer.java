package cruddur.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server on 127.0.0.1 that answers each request on a virtual thread of its own. */
final class LocalServer implements AutoCloseable {
  static {
    // Without it an answer waits 40 ms for the client to acknowledge its headers.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final Logger LOG = System.getLogger(LocalServer.class.getName());

  private final HttpServer server;
  private final ExecutorService threads;

  private LocalServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts a server.
   *
   * @param port TCP port, or 0 for a free one
   * @throws UncheckedIOException when the port is taken
   */
  static LocalServer start(int port, HttpHandler handler) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      var server = HttpServer.create(address, 0);
      var threads = Executors.newVirtualThreadPerTaskExecutor();
      server.setExecutor(threads);
      server.createContext("/", exchange -> answer(exchange, handler));
      server.start();
      return new LocalServer(server, threads);
    } catch (IOException failure) {
      throw new UncheckedIOException("port " + port + " cannot be used", failure);
    }
  }

  /** The server would close the connection in silence when a handler breaks. */
  private static void answer(HttpExchange exchange, HttpHandler handler) throws IOException {
    try {
      handler.handle(exchange);
    } catch (RuntimeException bug) {
      LOG.log(Level.ERROR, "a request broke: " + exchange.getRequestURI(), bug);
      exchange.sendResponseHeaders(500, -1);
    } finally {
      exchange.close();
    }
  }

  /**
   * The body of a request; empty when it is larger than allowed. All of it is taken from the
   * connection, so that the client hears the answer.
   *
   * @param limit bytes
   */
  static Optional<byte[]> body(HttpExchange exchange, int limit) throws IOException {
    var stream = exchange.getRequestBody();
    var body = stream.readNBytes(limit + 1);
    stream.transferTo(OutputStream.nullOutputStream());
    return body.length > limit ? Optional.empty() : Optional.of(body);
  }

  /** Answers with a status and a body; the headers are those already set on the exchange. */
  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    var hasBody =
        body.length > 0
            && status != 204
            && status != 304
            && !exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, hasBody ? body.length : -1);
    if (hasBody) {
      exchange.getResponseBody().write(body);
    }
  }

  /** TCP port on 127.0.0.1. */
  int port() {
    return server.getAddress().getPort();
  }

  /** Stops at once; requests under way are cut. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
