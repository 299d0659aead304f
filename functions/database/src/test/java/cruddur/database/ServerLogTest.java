package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.postgres.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log of a server that has the log parameters of {@code template.yaml}, as RDS writes it. */
@Tag("newest-server")
final class ServerLogTest {
  private static final String VALUE = "my private message";
  private static final String LAST = "select 'the last statement'";

  @TempDir Path folder;

  @Test
  @Timeout(60)
  void hasStatementsAndErrorsWithoutValues() throws Exception {
    var log = folder.resolve("server.log");
    var settings = parametersOfTheTemplate();
    assertTrue(settings.containsKey("log_min_duration_statement"), settings::toString);
    settings.put("logging_collector", "on");
    settings.put("log_directory", folder.toString());
    settings.put("log_filename", "server.log");
    // Every statement counts as a slow one.
    settings.put("log_min_duration_statement", "0");
    try (var postgres = Postgres.temporary(settings);
        var connection = postgres.connect()) {
      try (var statement = connection.createStatement()) {
        statement.execute("create temporary table messages (text text unique check (text < 'n'))");
      }
      insert(connection, VALUE);
      assertEquals("23505", refusal(connection, VALUE));
      assertEquals("23514", refusal(connection, "no longer " + VALUE));
      try (var statement = connection.createStatement()) {
        statement.execute(LAST);
      }
      // Another process of the server writes the file.
      while (!Files.readString(log).contains(LAST)) {
        Thread.sleep(10);
      }
    }
    var text = Files.readString(log);
    assertTrue(text.contains("insert into messages values ($1)"), text);
    assertTrue(text.contains("violates unique constraint"), text);
    assertTrue(text.contains("violates check constraint"), text);
    assertFalse(text.contains(VALUE), text);
  }

  private static Map<String, String> parametersOfTheTemplate() throws IOException {
    var template = Files.readString(Path.of("../../template.yaml"));
    var parameters = new HashMap<String, String>();
    Pattern.compile("^ {8}(log_\\w+): \"?(\\w+)\"?$", Pattern.MULTILINE)
        .matcher(template)
        .results()
        .forEach(line -> parameters.put(line.group(1), line.group(2)));
    return parameters;
  }

  private static String refusal(Connection connection, String text) {
    return assertThrows(SQLException.class, () -> insert(connection, text)).getSQLState();
  }

  private static void insert(Connection connection, String text) throws SQLException {
    try (var statement = connection.prepareStatement("insert into messages values (?)")) {
      statement.setString(1, text);
      statement.executeUpdate();
    }
  }
}
