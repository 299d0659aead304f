package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cruddur.postgres.Postgres;
import cruddur.testbed.Tls;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a call reports when no connection opens: each cause has its own advice. */
class FailureCauseTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final Sql SSL =
      Sql.parse("ssl.sql", "select ssl as result from pg_stat_ssl where pid = pg_backend_pid()");

  private static final Postgres plain = SharedFixture.postgres();
  private static final Postgres tls = SharedFixture.tls();
  private static final Path folder = SharedFixture.certificates();

  @Test
  void noSuchDatabase() {
    assertCause("3D000", "there is no such database", at(plain, "absent"));
  }

  @Test
  void noSuchDatabaseWhenTheLineEndIsEncoded() {
    assertCause("3D000", "there is no such database", at(plain, "cruddur%E2%80%A8"));
  }

  @Test
  void connectionsNotAllowed() throws SQLException {
    plain.execute(
        "drop database if exists closed", "create database closed allow_connections false");
    assertCause("55000", "the database allows no connections", at(plain, "closed"));
  }

  @Test
  void tooManyConnectionsToTheDatabase() throws SQLException {
    plain.execute("drop database if exists crowded", "create database crowded connection limit 0");
    assertCause(
        "53300",
        "too many connections",
        "postgresql://cruddur_users:p@127.0.0.1:" + plain.port() + "/crowded");
  }

  @Test
  void certificateNotTrusted(@TempDir Path other) throws IOException {
    Tls.certify(other, "localhost");
    for (var mode : new String[] {"verify-ca", "verify-full", "require"}) {
      assertCause(
          "08006",
          "the server's certificate is not trusted",
          secure("localhost", mode) + "&sslrootcert=" + other.resolve("ca.pem"));
    }
  }

  @Test
  void certificateOfAnotherHost() {
    assertCause(
        "08006",
        "the server's certificate is for another host",
        secure("127.0.0.1", "verify-full") + "&sslrootcert=" + folder.resolve("ca.pem"));
  }

  @Test
  void fileOfTrustedCertificatesMissing() {
    assertCause(
        "08006",
        "the file of trusted certificates is not usable",
        secure("localhost", "verify-full") + "&sslrootcert=" + folder.resolve("absent.pem"));
  }

  @Test
  void fileOfTrustedCertificatesEmpty(@TempDir Path own) throws IOException {
    var empty = Files.createFile(own.resolve("empty.pem"));
    assertCause(
        "08006",
        "the file of trusted certificates is not usable",
        secure("localhost", "verify-full") + "&sslrootcert=" + empty);
  }

  @Test
  void tlsNotOffered() {
    for (var mode : new String[] {"require", "verify-ca", "verify-full"}) {
      assertCause("08004", "the server offers no TLS", at(plain, "cruddur?sslmode=" + mode));
    }
  }

  @Test
  void channelBindingNotPossible() {
    var url = secure("localhost", "require");
    try (var database = new Database(url + "&channel_binding=require")) {
      assertEquals("t", database.run(SSL.query(), LONG).text("result"));
    }
    assertCause(
        "08004", "no acceptable way to sign in", at(plain, "cruddur?channel_binding=require"));
  }

  @Test
  void nothingListens() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertCause(
        "08001",
        "nothing listens at the host and port",
        "postgresql://u:p@127.0.0.1:" + port + "/x");
  }

  @Test
  void hostUnknown() {
    // A label of more than 63 characters is no name, so that no name server is asked.
    assertCause(
        "08001", "the host name is unknown", "postgresql://u:p@" + "a".repeat(64) + ":5432/x");
    assertCause("08001", "the host name is unknown", "postgresql://u:p@[1:2:3]:5432/x");
  }

  @Test
  void portOfSomethingElse() throws Exception {
    try (var other = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var mail =
          Thread.startVirtualThread(
              () -> {
                try (var socket = other.accept()) {
                  socket.getOutputStream().write("220 mail\r\n".getBytes(StandardCharsets.UTF_8));
                  socket.getInputStream().readAllBytes();
                } catch (IOException failure) {
                  throw new IllegalStateException(failure);
                }
              });
      assertCause(
          "08P01",
          "the server is not PostgreSQL",
          "postgresql://u:p@127.0.0.1:" + other.getLocalPort() + "/x");
      mail.join();
    }
  }

  @Test
  void passwordWrong() {
    var url = secure("localhost", "require").replace("u:p@", "u:wrong@");
    assertCause("28P01", "check the user and its password", url);
  }

  @Test
  void noRuleLetsTheUserIn() {
    assertCause("28000", "check the user, its rds_iam membership", secure("localhost", "disable"));
  }

  @Test
  void noCredentialsToSignATokenWith() {
    var url = secure("localhost", "require").replace("u:p@", "u@");
    assertCause("28000", "no AWS credentials sign a token", url);
  }

  @Test
  void rootCertificateMakesRequireVerifyAsInLibpq() {
    var url = secure("127.0.0.1", "require") + "&sslrootcert=" + folder.resolve("ca.pem");
    try (var database = new Database(url)) {
      assertEquals("t", database.run(SSL.query(), LONG).text("result"));
    }
  }

  @Test
  void verifiesAnIpv6Address(@TempDir Path own) throws IOException {
    assumeTrue(
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress()),
        "no IPv6 here");
    Tls.certify(own, "localhost,IP:::1");
    var rules = own.resolve("hba.conf");
    Files.writeString(rules, "host all all 127.0.0.1/32 trust\nhostssl all all ::1/128 trust\n");
    try (var postgres =
            Postgres.temporary(
                Map.of(
                    "listen_addresses", "127.0.0.1,::1",
                    "ssl", "on",
                    "ssl_cert_file", own.resolve("server.pem").toString(),
                    "ssl_key_file", own.resolve("server.key").toString(),
                    "hba_file", rules.toString()));
        var database =
            new Database(
                "postgresql://postgres:p@[::1]:%d/cruddur?sslmode=verify-full&sslrootcert=%s"
                    .formatted(postgres.port(), own.resolve("ca.pem")))) {
      assertEquals("t", database.run(SSL.query(), LONG).text("result"));
    }
  }

  private static String at(Postgres postgres, String path) {
    return "postgresql://postgres:p@127.0.0.1:" + postgres.port() + "/" + path;
  }

  private static String secure(String host, String mode) {
    return "postgresql://u:p@%s:%d/cruddur?sslmode=%s".formatted(host, tls.port(), mode);
  }

  private static void assertCause(String sqlState, String advice, String url) {
    try (var database = new Database(url)) {
      var failure =
          assertThrows(DatabaseUnavailableException.class, () -> database.run(SSL.query(), LONG));
      var beginning = "sql/ssl.sql failed with SQLSTATE " + sqlState + ": " + advice;
      var message = String.valueOf(failure.getMessage());
      assertEquals(
          beginning,
          message.substring(0, Math.min(message.length(), beginning.length())),
          () -> message + " by " + failure.getCause());
    }
  }
}
