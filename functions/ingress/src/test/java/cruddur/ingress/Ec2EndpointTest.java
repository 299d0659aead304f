package cruddur.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;

/** The settings of the SDK, as system properties: each stands for an environment variable. */
class Ec2EndpointTest {
  private static final URI ELSEWHERE = URI.create("http://127.0.0.1:5000");

  private final Properties before = new Properties();

  @TempDir Path folder;

  @BeforeEach
  void clear() {
    before.putAll(System.getProperties());
    System.clearProperty("aws.endpointUrl");
    set(Map.of("aws.region", "us-east-1", "aws.accessKeyId", "a", "aws.secretAccessKey", "secret"));
  }

  @AfterEach
  void restore() {
    System.setProperties(before);
  }

  private static void set(Map<String, String> properties) {
    properties.forEach(System::setProperty);
  }

  private static Optional<URI> override() {
    try (var ec2 = SecurityGroupUpdater.ec2()) {
      return ec2.serviceClientConfiguration().endpointOverride();
    }
  }

  @Test
  void anEndpointOfAllServicesIsUsed() {
    set(Map.of("aws.endpointUrl", ELSEWHERE.toString()));
    assertEquals(Optional.of(ELSEWHERE), override());
  }

  @Test
  void anEndpointOfEc2IsUsed() {
    set(
        Map.of(
            "aws.endpointUrl", "http://127.0.0.1:1", "aws.endpointUrlEc2", ELSEWHERE.toString()));
    assertEquals(Optional.of(ELSEWHERE), override());
  }

  @Test
  void anEndpointOfAProfileIsUsed() throws IOException {
    var config = folder.resolve("config");
    Files.writeString(
        config,
        """
        [profile local]
        services = local
        [services local]
        ec2 =
          endpoint_url = http://127.0.0.1:5000
        """);
    set(Map.of("aws.configFile", config.toString(), "aws.profile", "local"));
    assertEquals(Optional.of(ELSEWHERE), override());
  }

  /** A proxy sees the name of the host that the SDK wants. */
  @Test
  void withoutAnyEndpointTheDualStackOneIsUsed() throws Exception {
    assertEquals(Optional.empty(), override());
    try (var proxy = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      var asked = CompletableFuture.supplyAsync(() -> firstLine(proxy));
      set(
          Map.of(
              "https.proxyHost",
              "127.0.0.1",
              "https.proxyPort",
              Integer.toString(proxy.getLocalPort())));
      try (var ec2 = SecurityGroupUpdater.ec2()) {
        assertThrows(SdkException.class, () -> ec2.describeSecurityGroupRules(_ -> {}));
      }
      assertEquals("CONNECT ec2.us-east-1.api.aws:443 HTTP/1.1", asked.get());
    }
  }

  private static String firstLine(ServerSocket server) {
    try (server;
        var connection = server.accept();
        var lines =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      return String.valueOf(lines.readLine());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
