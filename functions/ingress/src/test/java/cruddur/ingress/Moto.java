package cruddur.ingress;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * An EC2 API that is not ours: the server of moto, a Python package, on a free port. Tests that
 * need it are skipped where Python has no moto, and fail there in continuous integration.
 */
final class Moto implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofSeconds(30);

  private static final String FORM = "application/x-www-form-urlencoded";

  private final Process server;
  private final int port;

  private Moto(Process server, int port) {
    this.server = server;
    this.port = port;
  }

  static Moto start() {
    var isThere = run("python3", "-c", "import moto.server") == 0;
    if (!isThere && "true".equals(System.getenv("CI"))) {
      throw new IllegalStateException("python3 has no moto: pip install -r requirements-dev.txt");
    }
    assumeTrue(isThere, "skipped, since python3 has no moto: pip install -r requirements-dev.txt");
    try {
      var port = freePort();
      var server =
          command("python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", Integer.toString(port))
              .start();
      var moto = new Moto(server, port);
      moto.await();
      return moto;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int run(String... command) {
    try {
      return command(command).start().waitFor();
    } catch (IOException _) {
      return -1;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  private static ProcessBuilder command(String... command) {
    return new ProcessBuilder(command)
        .redirectOutput(new File("/dev/null"))
        .redirectError(new File("/dev/null"));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void await() {
    var deadline = System.nanoTime() + LONGEST_START.toNanos();
    while (!answers()) {
      if (System.nanoTime() > deadline || !server.isAlive()) {
        close();
        throw new IllegalStateException("moto's server did not start");
      }
      sleep();
    }
    // The first request of a kind takes seconds, longer than the function would wait.
    post("/", "ec2", "Version=2016-11-15&Action=DescribeSecurityGroups");
  }

  private boolean answers() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(Duration.ofMillis(50));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /**
   * Sends a form to an AWS API at {@code /}, or a text to another path of moto. The sender is the
   * account's owner. Returns the body of the response.
   */
  String post(String path, String service, String form) {
    var request =
        HttpRequest.newBuilder(endpoint().resolve(path))
            .header("content-type", path.equals("/") ? FORM : "text/plain")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=owner/20260101/us-east-1/"
                    + service
                    + "/aws4_request, SignedHeaders=host, Signature=none")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("moto: " + response.body());
      }
      return response.body();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    server.destroy();
    try {
      if (!server.waitFor(5, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
