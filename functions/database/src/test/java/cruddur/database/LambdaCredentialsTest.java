package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

class LambdaCredentialsTest {
  @Test
  void areReadFromTheEnvironment() throws IOException {
    var environment =
        Map.of(
            "AWS_ACCESS_KEY_ID",
            "key",
            "AWS_SECRET_ACCESS_KEY",
            "secret",
            "AWS_SESSION_TOKEN",
            "t");
    var identity =
        assertInstanceOf(
            AwsSessionCredentialsIdentity.class, new LambdaCredentials(environment).current());
    assertEquals("key", identity.accessKeyId());
    assertEquals("secret", identity.secretAccessKey());
    assertEquals("t", identity.sessionToken());
  }

  @Test
  void areFetchedUnderSnapStart() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.createContext(
        "/credentials",
        exchange -> {
          var authorized =
              "the-token".equals(exchange.getRequestHeaders().getFirst("Authorization"));
          var response =
              """
              {"AccessKeyId": "key-2", "SecretAccessKey": "secret-2", "Token": "t\\/2",
               "Expiration": "2026-01-01T00:00:00Z", "Version": 1}
              """
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(authorized ? 200 : 403, response.length);
          exchange.getResponseBody().write(response);
          exchange.close();
        });
    server.start();
    try {
      var address = "http://127.0.0.1:" + server.getAddress().getPort() + "/credentials";
      var environment =
          Map.of(
              "AWS_CONTAINER_CREDENTIALS_FULL_URI", address,
              "AWS_CONTAINER_AUTHORIZATION_TOKEN", "the-token",
              "AWS_ACCESS_KEY_ID", "of-the-snapshot",
              "AWS_SECRET_ACCESS_KEY", "of-the-snapshot");
      var identity =
          assertInstanceOf(
              AwsSessionCredentialsIdentity.class, new LambdaCredentials(environment).current());
      assertEquals("key-2", identity.accessKeyId());
      assertEquals("t/2", identity.sessionToken());
      var stranger = Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", address);
      assertThrows(IOException.class, () -> new LambdaCredentials(stranger).current());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void mayBeMissing() {
    assertThrows(IOException.class, () -> new LambdaCredentials(Map.of()).current());
  }
}
