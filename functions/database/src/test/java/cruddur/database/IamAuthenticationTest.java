package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.postgres.Postgres;
import cruddur.testbed.Tls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Signs in with a token to a server with TLS. The role's password is the token that this test works
 * out by the steps of AWS Signature Version 4 (AWS General Reference, "Signature Version 4 signing
 * process"), so the server lets in that token and no other.
 */
@Tag("newest-server")
class IamAuthenticationTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final Sql WHO =
      Sql.parse(
          "who.sql",
          "select session_user as result, ssl, version as tls from pg_stat_ssl"
              + " where pid = pg_backend_pid()");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Map<String, String> KEYS =
      Map.of(
          "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
          "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
          "AWS_SESSION_TOKEN", "session+token/with=signs==");

  private static final Postgres postgres = SharedFixture.tls();
  private static final Path folder = SharedFixture.certificates();

  @Test
  void presentsTheTokenOfSignatureVersion4() throws Exception {
    setPassword(expectedToken("localhost", postgres.port(), "cruddur_users", NOW));
    try (var database = open("localhost", NOW)) {
      var row = database.run(WHO.query(), LONG);
      assertEquals(Map.of("result", "cruddur_users", "ssl", "t", "tls", "TLSv1.3"), row.columns());
    }
  }

  @Test
  void isRefusedWithATokenOfAnotherTime() throws Exception {
    setPassword(expectedToken("localhost", postgres.port(), "cruddur_users", NOW));
    try (var database = open("localhost", NOW.plusSeconds(1))) {
      var failure =
          assertThrows(DatabaseUnavailableException.class, () -> database.run(WHO.query(), LONG));
      assertEquals("28P01", failure.sqlState());
    }
  }

  @Test
  void signsANewTokenOnceWhenATokenIsNotAccepted() throws Exception {
    // Counts how often one signing reads the clock.
    var readings = new AtomicInteger();
    InstantSource counted =
        () -> {
          readings.incrementAndGet();
          return NOW;
        };
    var _ = token(counted).sign(ConnectionUrl.parse(url("localhost")));
    setPassword(expectedToken("localhost", postgres.port(), "cruddur_users", NOW));
    // A minute slow for one signing, and then right.
    InstantSource late = () -> readings.getAndDecrement() > 0 ? NOW.minusSeconds(60) : NOW;
    try (var database = new Database(url("localhost"), token(late))) {
      assertEquals("cruddur_users", database.run(WHO.query(), LONG).text("result"));
    }
  }

  @Test
  void signsANewTokenForEachConnection() throws Exception {
    var now = new AtomicReference<>(NOW);
    try (var database = new Database(url("localhost"), token(now::get))) {
      for (var connection = 0; connection < 2; connection++) {
        setPassword(expectedToken("localhost", postgres.port(), "cruddur_users", now.get()));
        assertEquals("cruddur_users", database.run(WHO.query(), LONG).text("result"));
        postgres.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                + " where usename = 'cruddur_users'");
        now.set(NOW.plusSeconds(60));
      }
    }
  }

  @Test
  void refusesAServerOfAnUnknownAuthority(@TempDir Path other) throws Exception {
    Tls.certify(other, "localhost");
    var url = url("localhost").replace(folder.toString(), other.toString());
    try (var database = new Database(url, token(() -> NOW))) {
      assertTrue(whyRefused(database).contains("PKIX"), whyRefused(database));
    }
  }

  @Test
  void verifiesTheHostWithoutBeingAskedTo() throws Exception {
    setPassword(expectedToken("localhost", postgres.port(), "cruddur_users", NOW));
    var url = "postgresql://cruddur_users@localhost:" + postgres.port() + "/cruddur";
    try (var database = new Database(url, token(() -> NOW))) {
      assertThrows(DatabaseUnavailableException.class, () -> database.run(WHO.query(), LONG));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"disable", "require", "verify-full"})
  void verifiesTheHostWhateverTheModeIs(String mode) throws Exception {
    setPassword(expectedToken("127.0.0.1", postgres.port(), "cruddur_users", NOW));
    var url = url("127.0.0.1").replace("verify-full", mode);
    try (var database = new Database(url, token(() -> NOW))) {
      assertTrue(whyRefused(database).contains("could not be verified"), whyRefused(database));
    }
  }

  @Test
  void saysThatThereAreNoCredentials() {
    var token = new IamToken(new LambdaCredentials(Map.of()), "eu-west-1", Clock.systemUTC());
    try (var database = new Database(url("localhost"), token)) {
      assertTrue(whyRefused(database).contains("no AWS credentials"), whyRefused(database));
    }
  }

  /** The token, by the steps of the specification; the parameters' order in it means nothing. */
  static String expectedToken(String host, int port, String user, Instant instant)
      throws Exception {
    var time = instant.toString().replaceAll("[-:]", "");
    var scope = time.substring(0, 8) + "/eu-west-1/rds-db/aws4_request";
    var parameters =
        List.of(
            "Action=connect",
            "DBUser=" + user,
            "X-Amz-Security-Token=session%2Btoken%2Fwith%3Dsigns%3D%3D",
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "X-Amz-Date=" + time,
            "X-Amz-SignedHeaders=host",
            "X-Amz-Credential=AKIDEXAMPLE%2F" + scope.replace("/", "%2F"),
            "X-Amz-Expires=900");
    var sorted = parameters.stream().sorted().collect(Collectors.joining("&"));
    var canonical =
        "GET\n/\n" + sorted + "\nhost:" + host + ":" + port + "\n\nhost\n" + hex(sha256(""));
    var toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + hex(sha256(canonical));
    var key = ("AWS4" + KEYS.get("AWS_SECRET_ACCESS_KEY")).getBytes(StandardCharsets.UTF_8);
    for (var part : scope.split("/")) {
      key = hmac(key, part);
    }
    var query = String.join("&", parameters);
    return host + ":" + port + "/?" + query + "&X-Amz-Signature=" + hex(hmac(key, toSign));
  }

  private static byte[] sha256(String text) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static Database open(String host, Instant instant) {
    return new Database(url(host), token(() -> instant));
  }

  private static String url(String host) {
    return "postgresql://cruddur_users@"
        + host
        + ":"
        + postgres.port()
        + "/cruddur?sslmode=verify-full&sslrootcert="
        + folder.resolve("ca.pem");
  }

  private static void setPassword(String password) throws SQLException {
    postgres.execute("alter role cruddur_users password '" + password + "'");
  }

  private static String whyRefused(Database database) {
    var text = new StringBuilder();
    Throwable cause =
        assertThrows(DatabaseUnavailableException.class, () -> database.run(WHO.query(), LONG));
    for (; cause != null; cause = cause.getCause()) {
      text.append(cause).append('\n');
    }
    return text.toString();
  }

  private static IamToken token(InstantSource clock) {
    return new IamToken(new LambdaCredentials(KEYS), "eu-west-1", clock.withZone(ZoneOffset.UTC));
  }
}
