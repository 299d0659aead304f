package cruddur.postgres;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProxyTest {
  /** {@code --containers} uses it to lead Docker's bridge to an API on the loopback address. */
  @Test
  void leadsAnotherAddressToTheSamePort() throws Exception {
    var loopback = InetAddress.getLoopbackAddress();
    var other = InetAddress.getByName("127.0.0.2");
    try (var server = new ServerSocket(0, 1, loopback);
        var proxy =
            Proxy.between(
                new InetSocketAddress(other, server.getLocalPort()),
                new InetSocketAddress(loopback, server.getLocalPort()))) {
      assertEquals(server.getLocalPort(), proxy.port());
      Thread.startVirtualThread(() -> greet(server));
      try (var client = new Socket(other, proxy.port())) {
        client.setSoTimeout(30_000);
        assertEquals("hello", new String(client.getInputStream().readAllBytes(), US_ASCII));
      }
    }
  }

  @Test
  void showsWhatAClientSends() throws Exception {
    var sent = new LinkedBlockingQueue<String>();
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var proxy = Proxy.to(server.getLocalPort());
        var client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      proxy.watch(chunk -> sent.add(new String(chunk, US_ASCII)));
      client.getOutputStream().write("hello".getBytes(US_ASCII));
      assertEquals("hello", sent.poll(30, TimeUnit.SECONDS));
    }
  }

  private static void greet(ServerSocket server) {
    try (var client = server.accept()) {
      client.getOutputStream().write("hello".getBytes(US_ASCII));
    } catch (IOException _) {
      // The test has ended.
    }
  }
}
