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
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
@Tag("any-server")
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
      assertSqlState("28P01", database);
    }
  }

  @Test
  void signsANewTokenOnceWhenATokenIsNotAccepted() throws Exception {
    var oneSigning = new LateClock(Integer.MAX_VALUE);
    var _ = token(oneSigning).sign(ConnectionUrl.parse(url("localhost")));
    setPassword(expectedToken("localhost", postgres.port(), "cruddur_users", NOW));
    var clock = new LateClock(oneSigning.readings);
    try (var database = new Database(url("localhost"), token(clock))) {
      assertEquals("cruddur_users", database.run(WHO.query(), LONG).text("result"));
    }
  }

  @Test
  void signsANewTokenForEachConnection() throws Exception {
    var clock = new SteppingClock();
    try (var database =
        new Database(
            url("localhost"), new IamToken(new LambdaCredentials(KEYS), "eu-west-1", clock))) {
      for (var connection = 0; connection < 2; connection++) {
        setPassword(expectedToken("localhost", postgres.port(), "cruddur_users", clock.instant()));
        assertEquals("cruddur_users", database.run(WHO.query(), LONG).text("result"));
        postgres.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                + " where usename = 'cruddur_users'");
        clock.step();
      }
    }
  }

  @Test
  void refusesAServerOfAnotherName() throws Exception {
    setPassword(expectedToken("127.0.0.1", postgres.port(), "cruddur_users", NOW));
    try (var database = open("127.0.0.1", NOW)) {
      assertTrue(whyRefused(database).contains("could not be verified"), whyRefused(database));
    }
  }

  @Test
  void refusesAServerOfAnUnknownAuthority(@TempDir Path other) throws Exception {
    Tls.certify(other, "localhost");
    var url = url("localhost").replace(folder.toString(), other.toString());
    try (var database =
        new Database(url, new IamToken(new LambdaCredentials(KEYS), "eu-west-1", at(NOW)))) {
      assertTrue(whyRefused(database).contains("PKIX"), whyRefused(database));
    }
  }

  @Test
  void verifiesTheHostWithoutBeingAskedTo() throws Exception {
    setPassword(expectedToken("localhost", postgres.port(), "cruddur_users", NOW));
    var url = "postgresql://cruddur_users@localhost:" + postgres.port() + "/cruddur";
    try (var database =
        new Database(url, new IamToken(new LambdaCredentials(KEYS), "eu-west-1", at(NOW)))) {
      assertThrows(DatabaseUnavailableException.class, () -> database.run(WHO.query(), LONG));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"disable", "require"})
  void verifiesTheHostEvenWhenAskedNotTo(String mode) throws Exception {
    setPassword(expectedToken("127.0.0.1", postgres.port(), "cruddur_users", NOW));
    var url = url("127.0.0.1").replace("verify-full", mode);
    try (var database =
        new Database(url, new IamToken(new LambdaCredentials(KEYS), "eu-west-1", at(NOW)))) {
      assertTrue(whyRefused(database).contains("could not be verified"), whyRefused(database));
    }
  }

  @Test
  void saysThatThereAreNoCredentials() {
    try (var database =
        new Database(
            url("localhost"),
            new IamToken(new LambdaCredentials(Map.of()), "eu-west-1", at(NOW)))) {
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
    return new Database(
        url(host), new IamToken(new LambdaCredentials(KEYS), "eu-west-1", at(instant)));
  }

  private static String url(String host) {
    return "postgresql://cruddur_users@"
        + host
        + ":"
        + postgres.port()
        + "/cruddur?sslmode=verify-full&sslrootcert="
        + folder.resolve("ca.pem");
  }

  private static Clock at(Instant instant) {
    return Clock.fixed(instant, ZoneOffset.UTC);
  }

  private static void setPassword(String password) throws SQLException {
    postgres.execute("alter role cruddur_users password '" + password + "'");
  }

  private static void assertSqlState(String sqlState, Database database) {
    var failure =
        assertThrows(DatabaseUnavailableException.class, () -> database.run(WHO.query(), LONG));
    assertEquals(sqlState, failure.sqlState());
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

  private static IamToken token(Clock clock) {
    return new IamToken(new LambdaCredentials(KEYS), "eu-west-1", clock);
  }

  /** A clock that is a minute slow for a number of readings, and then right. */
  private static final class LateClock extends Clock {
    private final int late;
    private int readings;

    LateClock(int late) {
      this.late = late;
    }

    @Override
    public Instant instant() {
      return readings++ < late ? NOW.minusSeconds(60) : NOW;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** A clock that {@code step()} moves by a minute. */
  private static final class SteppingClock extends Clock {
    private Instant now = NOW;

    void step() {
      now = now.plusSeconds(60);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
