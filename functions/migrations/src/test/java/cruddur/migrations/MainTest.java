package cruddur.migrations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void printsALineForEachMigration() {
    var database = TestDatabase.empty();
    assertEquals(0, run(database.environment(), "--dry-run"));
    assertEquals("pending V1__tables.sql", text(out).lines().findFirst().orElseThrow());
    assertEquals(MigrationFiles.inOrder().size(), text(out).lines().count());
    assertTrue(text(err).contains("has no tables yet"), text(err));

    assertEquals(0, run(database.environment()));
    assertTrue(
        text(out).lines().toList().getLast().matches("applied R__roles.sql \\d+ ms"), text(out));
    assertEquals(MigrationFiles.inOrder().size(), text(out).lines().count());
    assertEquals(database.name() + " has version " + MigrationFiles.newest() + ".\n", text(err));

    assertEquals(0, run(database.environment()));
    assertEquals("", text(out));
  }

  @Test
  void saysHowManyUsersGotAnotherHandle() {
    var database = TestDatabase.before();
    database.addUsers("kosh", "ｋｏｓｈ");
    assertEquals(0, run(database.environment()));
    assertTrue(
        text(err)
            .startsWith(
                """
                Users whose names did not follow the rules: 1.
                Users whose handle got a suffix, since another user has it: 1.
                """),
        text(err));
    assertTrue(
        text(out)
            .endsWith(
                "renamed "
                    + database.value("select max(uuid::text) from users where handle ~ '-'")
                    + "\n"),
        text(out));
    assertFalse(text(err).contains("kosh"), text(err));
  }

  @Test
  void failsWithTheReason() {
    var database = TestDatabase.empty();
    database.execute("create table theirs ()");
    assertEquals(1, run(database.environment()));
    assertEquals("", text(out));
    assertTrue(text(err).contains("start with an empty database"), text(err));

    assertEquals(1, run(Map.of("CONNECTION_URL", "postgresql://a:secret@127.0.0.1:1/b")));
    assertTrue(text(err).contains("SQLSTATE 08001"), text(err));
    assertFalse(text(err).contains("secret"), text(err));
  }

  @Test
  void refusesBadUsage() {
    assertEquals(2, run(Map.of("CONNECTION_URL", "postgresql://a:b@127.0.0.1:1/c"), "prod"));
    assertEquals("usage: Main [--dry-run]\n", text(err));
    assertEquals(2, run(Map.of()));
    assertEquals(2, run(Map.of("CONNECTION_URL", "mysql://a:secret@127.0.0.1:1/c")));
    assertTrue(text(err).startsWith("CONNECTION_URL is not valid: "), text(err));
    assertFalse(text(err).contains("secret"), text(err));
  }

  @Test
  void takesFromTheEnvironmentWhatTheUrlLacks() {
    var variables = new HashMap<>(Map.of("PGPASSWORD", "p@ +:", "PGSSLMODE", "verify-full"));
    assertEquals(
        "postgresql://a:p%40%20%2B%3A@localhost/c?sslmode=verify-full",
        completed("postgresql://a@localhost/c", variables));
    assertEquals(
        "postgresql://a:b@localhost:1/c?sslmode=disable",
        completed("postgresql://a:b@localhost:1/c?sslmode=disable", variables));
    variables.put("PGSSLROOTCERT", "/a b.pem");
    assertEquals(
        "postgresql://a:b@localhost/c?sslmode=verify-ca&sslrootcert=%2Fa%20b.pem",
        completed("postgresql://a:b@localhost/c?sslmode=verify-ca", variables));
    assertEquals(
        "postgresql://a@localhost:1/c", completed("postgresql://a@localhost:1/c", Map.of()));
  }

  private static String completed(String url, Map<String, String> variables) {
    var environment = new HashMap<>(variables);
    environment.put("CONNECTION_URL", url);
    return String.valueOf(Main.completed(environment).get("CONNECTION_URL"));
  }

  private int run(Map<String, String> environment, String... arguments) {
    out.reset();
    err.reset();
    return Main.run(
        List.of(arguments),
        environment,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
