package cruddur.migrations;

import cruddur.database.Connections;
import cruddur.postgres.Postgres;
import cruddur.postgres.Proxy;
import cruddur.testbed.Wait;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.api.callback.Callback;

/** A new database, empty at first, on the one server that all tests of this process share. */
record TestDatabase(String name) {
  private static final Postgres SERVER = start();
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** Short, for tests in which nothing is in the way for long. */
  static final RetryPolicy RETRIES =
      retries(Duration.ofMillis(500), 20, Duration.ofMillis(20), Duration.ofMinutes(1));

  /** A policy with these limits; its other limits are those of a deployment. */
  static RetryPolicy retries(
      Duration lockTimeout, int attempts, Duration pause, Duration forOtherRun) {
    return new RetryPolicy(
        lockTimeout,
        attempts,
        RetryPolicy.DEPLOYMENT.forAttempts(),
        pause,
        Duration.ofMinutes(1),
        forOtherRun,
        RetryPolicy.DEPLOYMENT.silence());
  }

  private static Postgres start() {
    var server = Postgres.empty();
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    return server;
  }

  static TestDatabase empty() {
    return copy("template1");
  }

  private static TestDatabase copy(String template) {
    var database = new TestDatabase("migrations_" + NUMBER.incrementAndGet());
    executeOn(SERVER::connect, "create database " + database.name + " template " + template);
    return database;
  }

  /** Made by the first call and then copied, which is quicker than migrating each time. */
  private static final class Migrated {
    private static final TestDatabase TEMPLATE = make();

    private static TestDatabase make() {
      var database = empty();
      database.migrator().migrate();
      return database;
    }
  }

  /** A database with the newest schema. */
  static TestDatabase migrated() {
    return copy(Migrated.TEMPLATE.name);
  }

  /**
   * A database of the time before there were migrations. Only PostgreSQL 18 could have one; on the
   * others it is the portable form of the same tables.
   */
  static TestDatabase before() {
    var database = empty();
    if (major() >= 18) {
      database.execute(resource("before/schema.sql"));
    } else {
      database.execute(resource("sql/migrations/V1__tables.sql"));
      // In place of uuidv7().
      database.execute("alter table users alter column uuid set default gen_random_uuid()");
    }
    database.execute(resource("before/roles.sql"));
    return database;
  }

  static int major() {
    return Integer.getInteger("postgres.major", 18);
  }

  String url(String role) {
    return "postgresql://" + role + ":" + role + "@127.0.0.1:" + SERVER.port() + "/" + name;
  }

  Map<String, String> environment() {
    return Map.of("CONNECTION_URL", url("postgres"));
  }

  Connection connect(String role) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + SERVER.port() + "/" + name, role, role);
  }

  /** A migrator for this database, and with the migrations of these folders of the tests. */
  Migrator migrator(String... folders) {
    return migrator(RETRIES, List.of(), folders);
  }

  Migrator migrator(RetryPolicy retries, List<Callback> callbacks, String... folders) {
    var locations = new ArrayList<String>();
    for (var folder : folders) {
      locations.add("classpath:" + folder);
    }
    return new Migrator(
        Connections.of(url("postgres"), Map.of()), false, retries, locations, callbacks);
  }

  /** Leads to the server of all databases. */
  static Proxy proxy() {
    return Proxy.to(SERVER.port());
  }

  void execute(String command) {
    executeOn(() -> connect("postgres"), command);
  }

  /** Adds users as the code before the folded handles did: sub-1, sub-2 and so on. */
  void addUsers(String... handles) {
    execute(
        """
        insert into users (uuid, display_name, handle, email, cognito_user_id)
        select
          cast('00000000-0000-7000-8000-' || lpad(number::text, 12, '0') as uuid),
          'User',
          handle,
          number || '@example.com',
          'sub-' || number
        from unnest(string_to_array('%s', ',')) with ordinality as given (handle, number)
        """
            .formatted(String.join(",", handles)));
  }

  /** An open transaction in which a command has run. */
  Connection holder(String command) throws SQLException {
    var connection = connect("postgres");
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute(command);
    }
    return connection;
  }

  /** Waits until a query returns a value. */
  void await(String expected, String query) {
    Wait.until(expected + " from " + query, () -> value(query).equals(expected));
  }

  private interface Opening {
    Connection open() throws SQLException;
  }

  private static void executeOn(Opening opening, String command) {
    try (var connection = opening.open();
        var statement = connection.createStatement()) {
      statement.execute(command);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure.getMessage(), failure);
    }
  }

  /** The rows of queries, their columns separated by bars. */
  List<String> rows(String... queries) {
    return rowsAs("postgres", queries);
  }

  List<String> rowsAs(String role, String... queries) {
    var lines = new ArrayList<String>();
    try (var connection = connect(role);
        var statement = connection.createStatement()) {
      for (var query : queries) {
        try (var rows = statement.executeQuery(query)) {
          while (rows.next()) {
            lines.add(line(rows));
          }
        }
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure.getMessage(), failure);
    }
    return lines;
  }

  private static String line(ResultSet rows) throws SQLException {
    var columns = new ArrayList<String>();
    for (var column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
      columns.add(String.valueOf(rows.getString(column)));
    }
    return String.join("|", columns);
  }

  String value(String query) {
    return rows(query).getFirst();
  }

  /** The files that were applied, in order. */
  List<String> history() {
    return rows(
        "select script from flyway_schema_history where success and type <> 'BASELINE'"
            + " order by installed_rank");
  }

  static String resource(String file) {
    try (InputStream stream = TestDatabase.class.getResourceAsStream("/" + file)) {
      if (stream == null) {
        throw new IllegalStateException(file + " is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
