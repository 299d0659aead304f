package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cruddur.testbed.Proxy;
import cruddur.testbed.Tls;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGProperty;

@Tag("any-server")
class TlsSocketFactoryTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final Sql CIPHER =
      Sql.parse(
          "cipher.sql", "select cipher as result from pg_stat_ssl where pid = pg_backend_pid()");

  private static final String RDS_HOST = "cruddur.abcdefghijkl.us-east-1.rds.amazonaws.com";

  @TempDir static Path folder;

  @BeforeAll
  static void certify() throws IOException {
    Tls.certify(folder, "localhost");
  }

  @Test
  void offersWhatAYoungJvmDoesFastest() throws IOException {
    assertEquals("TLS_CHACHA20_POLY1305_SHA256", cipher(Map.of()));
  }

  /** As older servers, and those with a policy of their own. */
  @ParameterizedTest
  @CsvSource({
    "ssl_groups, prime256v1, TLS_AES_256_GCM_SHA384",
    "ssl_tls13_ciphers, TLS_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256",
    "ssl_max_protocol_version, TLSv1.2, ECDHE-RSA-AES256-GCM-SHA384"
  })
  void offersAllToAServerThatRefusesThat(String setting, String value, String cipher)
      throws IOException {
    assertEquals(cipher, cipher(Map.of(setting, value)));
  }

  @Test
  void offersAllAtOnceAfterThat() throws Exception {
    try (var postgres = Tls.start(folder, "password", Map.of("ssl_groups", "prime256v1"));
        var proxy = Proxy.to(postgres.port());
        var database = open(proxy.port())) {
      cipher(database);
      assertEquals(2, proxy.opened());
      proxy.cut();
      cipher(database);
      assertEquals(3, proxy.opened());
      // The migrations begin with the other offer, and try again.
      Connections.of(url(proxy.port()), Map.of()).open().close();
      assertEquals(5, proxy.opened());
    }
  }

  @Test
  void findsWhatAServerTakesAfterAnOutage() throws IOException {
    try (var postgres = Tls.start(folder, "password", Map.of("ssl_groups", "prime256v1"));
        var proxy = Proxy.to(postgres.port());
        var database = open(proxy.port())) {
      proxy.refuse(true);
      assertThrows(DatabaseUnavailable.class, () -> cipher(database));
      proxy.refuse(false);
      assertEquals("TLS_AES_256_GCM_SHA384", cipher(database));
    }
  }

  @Test
  void trustsForAHostOfRdsItsAuthoritiesAlone() throws Exception {
    var properties = new Properties();
    PGProperty.PG_HOST.set(properties, RDS_HOST);
    PGProperty.SSL_ROOT_CERT.set(properties, folder.resolve("ca.pem").toString());
    try (var postgres = Tls.start(folder);
        var socket = new Socket(InetAddress.getLoopbackAddress(), postgres.port())) {
      // SSLRequest (PostgreSQL manual, "Message Formats").
      new DataOutputStream(socket.getOutputStream()).writeLong(8L << 32 | 80_877_103);
      assertEquals('S', socket.getInputStream().read());
      var tls =
          (SSLSocket) new TlsSocketFactory(properties).createSocket(socket, RDS_HOST, 5432, true);
      var failure = assertThrows(SSLHandshakeException.class, tls::startHandshake);
      assertInstanceOf(CertificateException.class, failure.getCause());
    }
  }

  private static String cipher(Map<String, String> settings) throws IOException {
    try (var postgres = Tls.start(folder, "password", settings);
        var database = open(postgres.port())) {
      return cipher(database);
    }
  }

  private static Database open(int port) {
    return new Database(url(port));
  }

  private static String url(int port) {
    return "postgresql://postgres:any@localhost:%d/cruddur?sslmode=verify-full&sslrootcert=%s"
        .formatted(port, folder.resolve("ca.pem"));
  }

  private static String cipher(Database database) {
    return database.run(CIPHER.query(), LONG).json();
  }
}
