package cruddur.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.database.Database;
import cruddur.ingress.Ec2Proxy.Fate;
import cruddur.ingress.Rule.Lease;
import cruddur.postgres.Postgres;
import cruddur.postgres.Proxy;
import cruddur.testbed.Invocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real sessions from two loopback addresses, for which rules are made by hand. */
class SessionsTest {
  private static final String TWO = "127.0.0.2";
  private static final String THREE = "127.0.0.3";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final AtomicInteger GROUPS = new AtomicInteger();

  private static final Postgres postgres = SharedFixture.postgres();

  private final Moto moto = SharedFixture.moto();
  private final Ec2Proxy proxy = SharedFixture.proxy();
  private final GroupFixture ec2 =
      new GroupFixture(moto.endpoint(), "sessions-" + GROUPS.incrementAndGet());
  private Instant now = NOON;

  @BeforeAll
  static void letInAllOfLoopback() throws SQLException, IOException {
    try (var connection = postgres.connect()) {
      var file = Path.of(text(connection, "show hba_file"));
      Files.writeString(file, "\nhost all all 127.0.0.0/8 trust\n", StandardOpenOption.APPEND);
      text(connection, "select pg_reload_conf()");
    }
  }

  @BeforeEach
  void openBoth() throws Exception {
    awaitNobody();
    assertTrue(authorize(TWO, "two", Duration.ofHours(1)));
    assertTrue(authorize(THREE, "three", Duration.ofHours(2)));
  }

  private boolean authorize(String address, String workspace, Duration duration) {
    return ec2.through(moto.endpoint()).authorize(address, "test", lease(workspace, duration));
  }

  private static Lease lease(String workspace, Duration duration) {
    return Lease.of(new Caller("test", "administrator"), workspace, NOON.plus(duration));
  }

  /**
   * Waits for the backends of the previous test, which end after their connections and would be
   * counted here.
   */
  private static void awaitNobody() throws Exception {
    try (var owner = postgres.connect()) {
      while (!text(
              owner, "select count(*) from pg_stat_activity where client_addr <<= '127.0.0.2/31'")
          .equals("0")) {
        Thread.sleep(10);
      }
    }
  }

  @AfterEach
  void close() {
    ec2.close();
  }

  @Test
  void closingAWorkspaceEndsItsSessionsBeforeItAnswersAndNoOthers() throws SQLException {
    try (var two = connect(TWO, "cruddur_users");
        var alsoTwo = connect(TWO, "cruddur_activities");
        var three = connect(THREE, "cruddur_users");
        var owner = postgres.connect()) {
      assertEquals(TWO, text(two, "select host(inet_client_addr())"));
      var response = call("{\"action\": \"close\", \"workspace\": \"two\"}");
      assertTrue(response.contains("\"sessionsEnded\":2"), response);
      assertEnded(two);
      assertEnded(alsoTwo);
      assertEquals("1", text(three, "select 1"));
      assertEquals("1", text(owner, "select 1"));
    }
  }

  @Test
  void movingEndsTheSessionsOfTheOldAddress() throws SQLException {
    try (var two = connect(TWO, "cruddur_users");
        var three = connect(THREE, "cruddur_users")) {
      var response =
          call("{\"action\": \"open\", \"workspace\": \"two\", \"address\": \"8.8.8.8\"}");
      assertTrue(response.contains("\"sessionsEnded\":1"), response);
      assertEnded(two);
      assertEquals("1", text(three, "select 1"));
    }
  }

  /** The clock is moved, and no sweep ran since noon. */
  @Test
  void aSweepAfterADayWithoutOneClosesAllThatExpiredAndNothingElse() throws SQLException {
    assertTrue(authorize("127.0.0.4", "four", Duration.ofDays(3)));
    now = NOON.plus(Duration.ofHours(26));
    try (var two = connect(TWO, "cruddur_users");
        var three = connect(THREE, "cruddur_activities");
        var four = connect("127.0.0.4", "cruddur_users")) {
      new Invocation().call(function(), Invocation.sample("security-group-updater-schedule.json"));
      assertEquals(List.of("127.0.0.4/32 four", "9.9.9.9/32"), ec2.open());
      assertEnded(two);
      assertEnded(three);
      assertEquals("1", text(four, "select 1"));
    }
  }

  /** A command from outside could not name this address, which is not public. */
  @Test
  void anOpenEndsTheSessionsOfAnExpiredLeaseAtItsAddress() throws SQLException {
    now = NOON.plus(Duration.ofHours(26));
    var made = new ArrayList<Change>();
    var open = new Command.Open(Caller.direct("id", "other"), "w", TWO, Duration.ofHours(1));
    new Invocation()
        .call(
            (_, _, context) -> {
              var sessions = new Sessions(SharedFixture.database(), context);
              var group = ec2.through(moto.endpoint());
              try (var two = connect(TWO, "cruddur_users")) {
                new Ingress(group, sessions, () -> now, made::addAll).execute(open);
                assertEnded(two);
              } catch (SQLException failure) {
                throw new IllegalStateException(failure);
              }
            },
            new byte[0]);
    assertEquals(
        List.of("two CLOSED", "w OPENED"),
        made.stream().map(change -> change.lease().workspace() + " " + change.kind()).toList());
  }

  @Test
  void sessionsStayWhereAnotherWorkspaceSharesTheAddress() throws SQLException {
    join("guest");
    try (var two = connect(TWO, "cruddur_users")) {
      var response = call("{\"action\": \"close\", \"workspace\": \"two\"}");
      assertTrue(response.contains("\"sessionsEnded\":0"), response);
      assertEquals("1", text(two, "select 1"));
      call("{\"action\": \"close\", \"workspace\": \"guest\"}");
      assertEnded(two);
    }
  }

  private void join(String workspace) {
    var group = ec2.through(moto.endpoint());
    var rules = group.rules().stream().filter(rule -> rule.address().equals(TWO));
    assertTrue(group.add(rules.findFirst().orElseThrow(), lease(workspace, Duration.ofHours(1))));
  }

  @Test
  void sessionsHaveEndedEvenIfTheCallEndsRightAfterTheRule() throws SQLException {
    proxy.behave((action, _) -> action.startsWith("Revoke") ? Fate.LOSE_RESPONSE : Fate.PASS);
    try (var two = connect(TWO, "cruddur_users")) {
      // The SDK's repeat finds no rule and the call succeeds, or the call fails. In both cases, the
      // session has ended.
      try {
        call("{\"action\": \"close\", \"workspace\": \"two\"}");
      } catch (RefusedException refused) {
        assertEquals(List.of("ec2_unavailable"), refused.response().codes());
      }
      assertEnded(two);
    }
  }

  /** The rule still admits it when the first sessions have ended. */
  @Test
  void aSessionThatBeginsJustBeforeTheRuleIsRemovedEndsToo() throws SQLException {
    var late = new AtomicReference<Connection>();
    proxy.behave(
        (action, _) -> {
          if (action.startsWith("Revoke")) {
            late.set(connected(TWO));
          }
          return Fate.PASS;
        });
    var response = call("{\"action\": \"close\", \"workspace\": \"two\"}");
    try (var connection = late.get()) {
      assertTrue(response.contains("\"sessionsEnded\":1"), response);
      assertEnded(connection);
    }
  }

  private static Connection connected(String source) {
    try {
      return connect(source, "cruddur_users");
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void aSuperusersSessionIsLeftAloneAndDoesNotStopTheOthersEnd() throws SQLException {
    try (var superuser = connect(TWO, "postgres");
        var two = connect(TWO, "cruddur_users")) {
      var response = call("{\"action\": \"close\", \"workspace\": \"two\"}");
      assertTrue(response.contains("\"sessionsEnded\":1"), response);
      assertEnded(two);
      assertEquals("1", text(superuser, "select 1"));
    }
  }

  /** So that the first close of a restored copy is fast. */
  @Test
  void theCallBeforeASnapshotSendsTheStatementOfACloseAndEndsNoSession() throws SQLException {
    try (var network = Proxy.to(postgres.port());
        var itsDatabase =
            new Database(
                "postgresql://cruddur_ingress:any@127.0.0.1:" + network.port() + "/cruddur");
        var two = connect(TWO, "cruddur_users")) {
      var function =
          new SecurityGroupUpdater(ec2.through(proxy.endpoint()), itsDatabase, () -> now);
      var list = Invocation.sample("security-group-updater-list.json");
      var response =
          new String(new Invocation().call(function::prime, list), StandardCharsets.UTF_8);
      assertTrue(response.contains("\"workspace\":\"two\""), response);
      assertEquals(1, network.roundTrips());
      assertEquals("1", text(two, "select 1"));
    }
  }

  /** Statements that the function's role has no right to run. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select count(*) from users|42501",
        "select count(*) from activities|42501",
        "insert into users (display_name, handle, email, cognito_user_id) values ('a', 'a', 'a',"
            + " 'a')|42501",
        "delete from activities|42501",
        "create table public.mine (a int)|42501",
        "create temporary table mine (a int)|42501",
        "create table ingress.mine (a int)|42501",
        "create schema mine|42501",
        "create function ingress.end_sessions(text) returns int language sql as 'select 1'|42501",
        "alter function ingress.end_sessions owner to cruddur_ingress|42501",
        "drop function ingress.end_sessions|42501",
        "create role another|42501",
        "alter role cruddur_users login password 'a'|42501",
        "set role cruddur_session_ender|42501",
        "set role cruddur_users|42501",
        "set role pg_signal_backend|42501",
        "set role postgres|42501",
        "grant pg_monitor to cruddur_ingress|42501",
        "select pg_read_file('/etc/hostname')|42501",
        "copy users to stdout|42501",
        "copy (select 1) to program 'true'|42501",
        "select pg_reload_conf()|42501",
        "alter system set log_connections = on|42501",
        "select pg_stat_reset()|42501",
      })
  void theRoleCanDoNothingElse(String statement, String sqlState) throws SQLException {
    try (var connection = connect("127.0.0.1", "cruddur_ingress")) {
      var failure = assertThrows(SQLException.class, () -> execute(connection, statement));
      assertEquals(sqlState, failure.getSQLState(), failure.getMessage());
    }
  }

  @Test
  void theRoleSeesNobodysSessionsNorStatementsAndEndsNoneByItself() throws SQLException {
    try (var two = connect(TWO, "cruddur_users");
        var role = connect("127.0.0.1", "cruddur_ingress")) {
      var pid = text(two, "select pg_backend_pid()");
      var seen =
          text(role, "select concat(client_addr, query) from pg_stat_activity where pid = " + pid);
      assertEquals("<insufficient privilege>", seen);
      assertThrows(
          SQLException.class, () -> text(role, "select pg_terminate_backend(" + pid + ")"));
      assertThrows(SQLException.class, () -> text(role, "select pg_cancel_backend(" + pid + ")"));
      assertEquals("1", text(two, "select 1"));
      assertEquals("0", text(role, "select count(*) from ingress.end_sessions('{}')"));
      assertEquals("1", text(two, "select 1"));
    }
  }

  @Test
  void noOtherRoleMayEndSessions() throws SQLException {
    try (var users = connect("127.0.0.1", "cruddur_users")) {
      assertThrows(
          SQLException.class,
          () -> text(users, "select count(*) from ingress.end_sessions('{127.0.0.2}')"));
    }
  }

  /** On RDS, the master user runs the scripts. It has the rights of rds_superuser and no more. */
  @Test
  void theRolesAreMadeByAMasterWhoIsNoSuperuserToo() throws SQLException {
    try (var owner = postgres.connect()) {
      for (var command :
          new String[] {
            "create role master login createrole createdb",
            "grant pg_monitor, pg_signal_backend to master with admin option",
            "grant cruddur_users, cruddur_activities, cruddur_feed, cruddur_sweeper,"
                + " cruddur_ingress, cruddur_session_ender to master with admin option, set false,"
                + " inherit false",
            "create database cruddur_of_master owner master"
          }) {
        execute(owner, command);
      }
    }
    var url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/cruddur_of_master";
    try (var master = DriverManager.getConnection(url, "master", "any")) {
      for (var script :
          new String[] {"schema.sql", "migrations/R__roles.sql", "migrations/R__roles.sql"}) {
        master.setAutoCommit(false);
        execute(master, script(script));
        master.commit();
      }
    }
    try (var two = connect(TWO, "cruddur_users");
        var role = DriverManager.getConnection(url, "cruddur_ingress", "any")) {
      assertEquals(
          "1", text(role, "select sum(sessions) from ingress.end_sessions('{127.0.0.2}')"));
      assertEnded(two);
    }
  }

  private static String script(String file) {
    try (InputStream stream = Postgres.class.getResourceAsStream("/postgres/sql/" + file)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  private SecurityGroupUpdater function() {
    var group = ec2.through(proxy.endpoint());
    return new SecurityGroupUpdater(group, SharedFixture.database(), () -> now);
  }

  private String call(String event) {
    var response = new Invocation().call(function(), event.getBytes(StandardCharsets.UTF_8));
    return new String(response, StandardCharsets.UTF_8);
  }

  private static Connection connect(String source, String role) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", role);
    properties.setProperty("password", "any");
    properties.setProperty("socketFactory", LoopbackSocketFactory.class.getName());
    properties.setProperty("socketFactoryArg", source);
    var url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/cruddur";
    return DriverManager.getConnection(url, properties);
  }

  private static void assertEnded(Connection connection) {
    var failure = assertThrows(SQLException.class, () -> text(connection, "select 1"));
    assertTrue(
        failure.getSQLState().equals("57P01") || failure.getSQLState().startsWith("08"),
        failure.getSQLState());
  }

  private static void execute(Connection connection, String command) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
