package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cruddur.postgres.Postgres;
import cruddur.testbed.Tls;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGProperty;

@Tag("newest-server")
class TlsSocketFactoryTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final String RDS_HOST = "cruddur.abcdefghijkl.us-east-1.rds.amazonaws.com";
  private static final Sql CIPHER =
      Sql.parse(
          "cipher.sql", "select cipher as result from pg_stat_ssl where pid = pg_backend_pid()");

  @TempDir static Path folder;
  private static Postgres postgres;

  /** Starts a server that allows only one key group, as some servers with their own policy do. */
  @BeforeAll
  static void start() throws IOException {
    Tls.certify(folder, "localhost");
    postgres = Tls.startPostgres(folder, "password", Map.of("ssl_groups", "prime256v1"));
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void makesTheServerChooseWhatIsFastOnTheFirstCompiler() {
    assertEquals("TLS_CHACHA20_POLY1305_SHA256", cipher("verify-full", "ca.pem"));
  }

  @Test
  void connectsWithWhatTheServerAllows() throws SQLException {
    allow("TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256");
    try {
      assertEquals("TLS_AES_128_GCM_SHA256", cipher("verify-full", "ca.pem"));
    } finally {
      allow("");
    }
  }

  /** Returns when the server has read its configuration again. */
  private static void allow(String ciphers) throws SQLException {
    postgres.execute("alter system set ssl_tls13_ciphers = '" + ciphers + "'");
    postgres.execute("select pg_reload_conf()");
    while (!ciphers.equals(postgres.value("show ssl_tls13_ciphers"))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void trustsForAHostOfRdsItsAuthoritiesAlone() throws Exception {
    var properties = new Properties();
    PGProperty.PG_HOST.set(properties, RDS_HOST);
    PGProperty.SSL_ROOT_CERT.set(properties, folder.resolve("ca.pem").toString());
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), postgres.port())) {
      // SSLRequest (PostgreSQL manual, "Message Formats").
      new DataOutputStream(socket.getOutputStream()).writeLong(8L << 32 | 80_877_103);
      assertEquals('S', socket.getInputStream().read());
      var tls =
          (SSLSocket) new TlsSocketFactory(properties).createSocket(socket, RDS_HOST, 5432, true);
      var failure = assertThrows(SSLHandshakeException.class, tls::startHandshake);
      assertInstanceOf(CertificateException.class, failure.getCause());
    }
  }

  /** So a restored copy does not read and parse the file again. */
  @Test
  void readsTheFileOfTrustedCertificatesOnce() throws IOException {
    var file = Files.copy(folder.resolve("ca.pem"), folder.resolve("read-once.pem"));
    cipher("verify-full", "read-once.pem");
    Files.delete(file);
    cipher("verify-full", "read-once.pem");
  }

  @Test
  void trustsNoMoreThanEachSslmodeSays(@TempDir Path other) throws IOException {
    Tls.certify(other, "localhost");
    Files.copy(other.resolve("ca.pem"), folder.resolve("other.pem"));
    cipher("prefer", "other.pem");
    var failure =
        assertThrows(DatabaseUnavailableException.class, () -> cipher("verify-full", "other.pem"));
    assertEquals("08006", failure.sqlState());
  }

  private static String cipher(String sslMode, String rootCertificates) {
    var url =
        "postgresql://postgres:any@localhost:%d/cruddur?sslmode=%s&sslrootcert=%s"
            .formatted(postgres.port(), sslMode, folder.resolve(rootCertificates));
    try (var database = new Database(url)) {
      return database.run(CIPHER.query(), LONG).text("result");
    }
  }
}
