package cruddur.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresTest {
  @Test
  void keepsDataAndSeedsOnce(@TempDir Path directory) throws Exception {
    var port = freePort();
    var data = directory.resolve("postgres");
    try (var postgres = Postgres.persistent(data, port)) {
      assertEquals(4, count(postgres, "users"));
      assertEquals(5, count(postgres, "activities"));
      try (var connection = postgres.connect();
          var statement = connection.createStatement()) {
        statement.execute("delete from activities where message like 'Cloud%'");
      }
    }
    try (var postgres = Postgres.persistent(data, port)) {
      assertEquals(4, count(postgres, "activities"));
    }
  }

  private static int count(Postgres postgres, String table) throws SQLException {
    try (var connection = postgres.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
