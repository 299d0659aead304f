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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a call reports when no connection opens: each cause has its own advice. */
class FailureCauseTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final Sql SSL =
      Sql.parse("ssl.sql", "select ssl as result from pg_stat_ssl where pid = pg_backend_pid()");

  private static final Postgres plain = SharedFixture.postgres();
  private static final Postgres tls = SharedFixture.tls();
  private static final Path folder = SharedFixture.certificates();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          3D000 | there is no such database | postgres:p@PLAIN/absent
          3D000 | there is no such database | postgres:p@PLAIN/cruddur%E2%80%A8
          08001 | the host name is unknown | u:p@LONG:5432/x
          08001 | the host name is unknown | u:p@[1:2:3]:5432/x
          08004 | the server offers no TLS | postgres:p@PLAIN/cruddur?sslmode=require
          08004 | the server offers no TLS | postgres:p@PLAIN/cruddur?sslmode=verify-ca
          08004 | the server offers no TLS | postgres:p@PLAIN/cruddur?sslmode=verify-full
          08004 | no acceptable way to sign in | postgres:p@PLAIN/cruddur?channel_binding=require
          08006 | the server's certificate is for another host | \
          u:p@127.0.0.1:TLS/cruddur?sslmode=verify-full&sslrootcert=FOLDER/ca.pem
          08006 | the file of trusted certificates is not usable | \
          u:p@localhost:TLS/cruddur?sslmode=verify-full&sslrootcert=FOLDER/absent.pem
          28000 | check the user, its rds_iam membership | u:p@localhost:TLS/cruddur?sslmode=disable
          28000 | no AWS credentials sign a token | u@localhost:TLS/cruddur?sslmode=require
          28P01 | check the user and its password | u:wrong@localhost:TLS/cruddur?sslmode=require
          """)
  void hasItsSqlStateAndItsAdvice(String sqlState, String advice, String url) {
    var address =
        url.replace("PLAIN", "127.0.0.1:" + plain.port())
            .replace("TLS", "" + tls.port())
            .replace("FOLDER", folder.toString())
            // A label of more than 63 characters is no name, so that no name server is asked.
            .replace("LONG", "a".repeat(64));
    assertCause(sqlState, advice, "postgresql://" + address);
  }

  @Test
  void connectionsNotAllowed() throws SQLException {
    plain.execute(
        "drop database if exists closed", "create database closed allow_connections false");
    var url = "postgresql://postgres:p@127.0.0.1:" + plain.port() + "/closed";
    assertCause("55000", "the database allows no connections", url);
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
  void fileOfTrustedCertificatesEmpty(@TempDir Path own) throws IOException {
    var empty = Files.createFile(own.resolve("empty.pem"));
    assertCause(
        "08006",
        "the file of trusted certificates is not usable",
        secure("localhost", "verify-full") + "&sslrootcert=" + empty);
  }

  @Test
  void channelBindingIsPossibleWithTls() {
    var url = secure("localhost", "require");
    try (var database = new Database(url + "&channel_binding=require")) {
      assertEquals("t", database.run(SSL.query(), LONG).text("result"));
    }
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
