package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.database.ConnectionUrlTest.Line;
import cruddur.postgres.Postgres;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connects to a server with TLS. */
class ConnectorTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final Sql DATABASE_AND_USER =
      Sql.parse("where.sql", "select current_database() || ' ' || session_user as result");
  private static final Sql NAME =
      Sql.parse("name.sql", "select current_setting('application_name') as result");

  private static final Postgres postgres = SharedFixture.tls();

  @BeforeAll
  static void createDatabases() throws IOException, SQLException {
    for (var database : here().stream().map(Line::database).distinct().toList()) {
      var name = database.replace("'", "''");
      if (postgres
          .value("select count(*) from pg_database where datname = '" + name + "'")
          .equals("0")) {
        postgres.execute("create database \"" + database.replace("\"", "\"\"") + "\"");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("here")
  void connectsToTheDatabase(Line line) {
    var url = line.url().replaceFirst("127\\.0\\.0\\.1(:5432)?", "127.0.0.1:" + postgres.port());
    try (var database = new Database(url)) {
      assertEquals(
          line.database() + " u", database.run(DATABASE_AND_USER.query(), LONG).text("result"));
    }
  }

  @Test
  void keepsTheWholeUrlOutOfEveryLog() throws SQLException {
    postgres.execute("alter role u password 'Sup3r@Secret/Pa55'");
    var log = new Log();
    var driver = Logger.getLogger("org.postgresql");
    var level = driver.getLevel();
    driver.setLevel(Level.ALL);
    driver.addHandler(log);
    var at = "127.0.0.1:" + postgres.port() + "/";
    try (var database =
            new Database("postgresql://u:Sup3r%40Secret%2FPa55@" + at + "a%2Fb?sslmode=require");
        var absent = new Database("postgresql://u:Sup3r%40Secret%2FPa55@" + at + "absent")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new Database("postgresql://u:Sup3r@Secret/Pa55@" + at + "cruddur"));
      assertEquals("a/b u", database.run(DATABASE_AND_USER.query(), LONG).text("result"));
      assertThrows(
          DatabaseUnavailableException.class, () -> absent.run(DATABASE_AND_USER.query(), LONG));
    } finally {
      driver.removeHandler(log);
      driver.setLevel(level);
      postgres.execute("alter role u password 'p'");
    }
    assertTrue(log.text().contains("Connecting with URL"), log.text());
    ConnectionUrlTest.assertNoSecret(log.text());
  }

  @Test
  void setsTheNameOfTheApplication() {
    var url = "postgresql://u:p@127.0.0.1:" + postgres.port() + "/cruddur";
    try (var named = new Database(url + "?application_name=a%26b%20c");
        var unnamed = new Database(url)) {
      assertEquals("a&b c", named.run(NAME.query(), LONG).text("result"));
      assertEquals("cruddur", unnamed.run(NAME.query(), LONG).text("result"));
    }
  }

  /** By the names of pgjdbc's documentation, "Connection Parameters". */
  @Test
  void givesPgjdbcALimitForEachWaitAndNoMoreThanItNeeds() throws SQLException {
    var expected =
        new TreeMap<>(
            Map.of(
                "PGHOST", "h",
                "PGPORT", "5432",
                "PGDBNAME", "d",
                "user", "u",
                "password", "p",
                "loginTimeout", "1.5",
                "connectTimeout", "2",
                "socketTimeout", "2",
                "tcpKeepAlive", "true"));
    expected.putAll(
        Map.of(
            "ApplicationName", "cruddur",
            "assumeMinServerVersion", "16",
            "logServerErrorDetail", "false",
            "prepareThreshold", "1",
            "sslfactory", TlsSocketFactory.class.getName()));
    assertEquals(expected, properties("u:p@h/d"));
    expected.putAll(Map.of("connectTimeout", "1", "prepareThreshold", "0", "sslmode", "prefer"));
    assertEquals(
        expected, properties("u:p@h/d?connect_timeout=1&prepareThreshold=0&sslmode=prefer"));
  }

  private static Map<Object, Object> properties(String address) throws SQLException {
    return new TreeMap<>(connector(address).properties(Duration.ofMillis(1_500)));
  }

  private static Connector connector(String address) {
    var token = new IamToken(new LambdaCredentials(Map.of()), "", Clock.systemUTC());
    return new Connector(ConnectionUrl.parse("postgresql://" + address), token);
  }

  @Test
  void limitsEachOpeningButTheFirst() throws SQLException {
    var connector = connector("u:p@127.0.0.1:" + postgres.port() + "/cruddur");
    assertEquals("5.0", connector.properties(LONG).get("loginTimeout"));
    connector.open(LONG).close();
    assertEquals("2.0", connector.properties(LONG).get("loginTimeout"));
  }

  /** What can connect to the server of this test. */
  static List<Line> here() throws IOException {
    return ConnectionUrlTest.valid().stream()
        .filter(line -> line.host().equals("127.0.0.1") && line.port().equals("5432"))
        .toList();
  }

  /** What pgjdbc logs, formatted. */
  private static final class Log extends Handler {
    private final List<String> records = new ArrayList<>();

    @Override
    public synchronized void publish(LogRecord entry) {
      records.add(new SimpleFormatter().format(entry));
    }

    synchronized String text() {
      return String.join("\n", records);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
