package cruddur.local.lambda;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTP/1.1 server on 127.0.0.1 with a virtual thread for each request. It answers every request
 * whose head is complete, even if that is not valid HTTP.
 */
public final class LocalServer implements AutoCloseable {
  /** The host names of this machine for a program on it. */
  public static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost");

  /**
   * The longest body that a handler gets whole, bytes: "Payload size" in the quotas of HTTP APIs. A
   * longer body is cut one byte later.
   */
  public static final int BODY_LIMIT = 10 * 1024 * 1024;

  /** The longest pause in a body. */
  private static final Duration PAUSE_LIMIT = Duration.ofSeconds(30);

  /** The longest request line and the longest request head, bytes. */
  private static final int HEAD_LIMIT = 64 * 1024;

  private static final Logger LOG = System.getLogger(LocalServer.class.getName());

  private final Server server;
  private final ServerConnector connector;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Starts a server.
   *
   * @param port TCP port, or 0 for a free one
   * @param refusals makes the response to a request that does not reach the handler, from the
   *     status
   * @throws IllegalStateException when the port is taken
   */
  public LocalServer(
      int port, IntFunction<HttpResponse> refusals, Function<HttpRequest, HttpResponse> handler) {
    this(port, PAUSE_LIMIT, refusals, handler);
  }

  /**
   * Starts a server.
   *
   * @param pauseLimit the longest pause in a body, more than zero; a longer one ends the request
   *     with status 400
   */
  LocalServer(
      int port,
      Duration pauseLimit,
      IntFunction<HttpResponse> refusals,
      Function<HttpRequest, HttpResponse> handler) {
    var pool = new QueuedThreadPool(8, 1);
    pool.setVirtualThreadsExecutor(threads);
    server = new Server(pool);
    // No acceptor threads: the selector accepts.
    connector = new ServerConnector(server, 0, 1, new HttpConnectionFactory(configuration()));
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    // No limit, since clients wait for slow functions.
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    server.setHandler(new RequestHandler(pauseLimit, refusals, handler));
    server.setErrorHandler(
        (request, response, callback) -> refuse(request, response, callback, refusals));
    try {
      server.start();
    } catch (Exception failure) {
      throw new IllegalStateException("port " + port + " cannot be used", failure);
    }
  }

  private static HttpConfiguration configuration() {
    var configuration = new HttpConfiguration();
    configuration.setRequestHeaderSize(HEAD_LIMIT);
    // Handlers get paths such as //x and /a%2fb too.
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    // Otherwise the cache changes upper and lower case in values.
    configuration.setHeaderCacheCaseSensitive(true);
    configuration.setSendServerVersion(false);
    return configuration;
  }

  /** Reads a request, calls the handler, and sends the response. */
  private static final class RequestHandler extends Handler.Abstract {
    private final Duration pauseLimit;
    private final IntFunction<HttpResponse> refusals;
    private final Function<HttpRequest, HttpResponse> handler;

    RequestHandler(
        Duration pauseLimit,
        IntFunction<HttpResponse> refusals,
        Function<HttpRequest, HttpResponse> handler) {
      this.pauseLimit = pauseLimit;
      this.refusals = refusals;
      this.handler = handler;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      respond(request).send(response, callback);
      return true;
    }

    private HttpResponse respond(Request request) {
      try {
        return handler.apply(HttpRequest.of(request, target(request), body(request)));
      } catch (URISyntaxException | IOException _) {
        return refusals.apply(400);
      } catch (RuntimeException bug) {
        LOG.log(Level.ERROR, "a request broke: " + request.getHttpURI().getPath(), bug);
        return refusals.apply(500);
      }
    }

    /** Absolute, so that a path of //x is not the authority x. */
    private static URI target(Request request) throws URISyntaxException {
      var target = request.getHttpURI().getPathQuery();
      if (target == null || !target.startsWith("/")) {
        throw new URISyntaxException(String.valueOf(target), "it is no path");
      }
      return new URI("http://127.0.0.1" + target);
    }

    /** Reads the whole body, so that the client can receive the response. */
    private byte[] body(Request request) throws IOException {
      var connection = request.getConnectionMetaData().getConnection().getEndPoint();
      // The limit applies only to reads of the body, not to the handler.
      request.addIdleTimeoutListener(_ -> false);
      connection.setIdleTimeout(pauseLimit.toMillis());
      try (var stream = Content.Source.asInputStream(request)) {
        var body = stream.readNBytes(BODY_LIMIT + 1);
        stream.transferTo(OutputStream.nullOutputStream());
        return body;
      } finally {
        connection.setIdleTimeout(0);
      }
    }
  }

  private static boolean refuse(
      Request request, Response response, Callback callback, IntFunction<HttpResponse> refusals) {
    var status =
        request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer code ? code : 500;
    refusals.apply(status).send(response, callback);
    return true;
  }

  /** TCP port on 127.0.0.1. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Stops at once and cuts open requests. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      server.stop();
    } catch (Exception failure) {
      throw new IllegalStateException("the server did not stop", failure);
    }
  }
}
