package cruddur.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("newest-server")
class PostgresTest {
  @Test
  void startsEachTemporaryServerWithTheSameTablesAndNoRows() throws Exception {
    try (var one = Postgres.temporary();
        var two = Postgres.temporary(Map.of("max_connections", "20"))) {
      one.execute(
          "insert into users (display_name, handle, email, cognito_user_id)"
              + " values ('a', 'a', 'a@example.com', 'sub-1')");
      assertEquals(1, count(one, "users"));
      assertEquals(0, count(two, "users"));
      assertEquals("20", two.value("select current_setting('max_connections')"));
    }
  }

  @Test
  void servesContainersOnlyWhereTheyWereAskedFor(@TempDir Path directory) throws Exception {
    var data = directory.resolve("postgres");
    var bridge = new Bridge(InetAddress.getByName("127.0.0.2"), 30);
    try (var postgres = Postgres.toMigrate(data, 0, Optional.empty())) {
      postgres.execute(
          "create role cruddur_activities login",
          "create table older ()",
          "create function older() returns int language sql as 'select 1'");
    }
    try (var postgres = Postgres.toMigrate(data, 0, Optional.of(bridge))) {
      var port = postgres.port();
      // The data is kept. The migrator owns the tables and functions that the superuser made.
      assertEquals(
          List.of("cruddur_admin", "cruddur_admin"),
          postgres.column(
              "select relowner::regrole from pg_class where relname = 'older'"
                  + " union all select proowner::regrole from pg_proc where proname = 'older'"));
      postgres.admit(Optional.of(bridge));
      try (var connection = connectAsContainer(port, "cruddur", "cruddur_activities", "local")) {
        assertTrue(connection.isValid(1));
      }
      connectAsContainer(port, "cruddur", "cruddur_admin", "local").close();
      assertEquals("28P01", refusal(port, "cruddur", "cruddur_activities", "guessed"));
      assertEquals("28000", refusal(port, "cruddur", "postgres", "postgres"));
      assertEquals("28000", refusal(port, "postgres", "cruddur_activities", "local"));
    }
    try (var postgres = Postgres.toMigrate(data, 0, Optional.empty())) {
      postgres.admit(Optional.empty());
      assertEquals("08001", refusal(postgres.port(), "cruddur", "cruddur_activities", "local"));
      assertFalse(Files.readString(data.resolve("pg_hba.conf")).contains("127.0.0.2"));
    }
  }

  private static String refusal(int port, String database, String role, String password) {
    return assertThrows(
            SQLException.class, () -> connectAsContainer(port, database, role, password).close())
        .getSQLState();
  }

  /** Connects from 127.0.0.3, since 127.0.0.1 needs no password. */
  private static Connection connectAsContainer(
      int port, String database, String role, String password) throws SQLException {
    var address = "jdbc:postgresql://127.0.0.2:" + port + "/" + database;
    return DriverManager.getConnection(address + "?localSocketAddress=127.0.0.3", role, password);
  }

  @Test
  void namesTheNetworkThatIsAbsent() {
    var failure = assertThrows(IllegalStateException.class, () -> Bridge.of("absent0"));
    assertTrue(String.valueOf(failure.getMessage()).contains("absent0"), failure.toString());
    assertEquals("127.0.0.1/8", Bridge.of("lo").network());
  }

  private static int count(Postgres postgres, String table) throws SQLException {
    return Integer.parseInt(postgres.value("select count(*) from " + table));
  }
}
