package cruddur.activities;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** How PostgreSQL runs a statement of {@code sql/}. */
record Plan(ActivitiesFixture fixture, String file) {
  private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-z_]+)");

  /**
   * Runs the statement, rolls it back, and returns the lines of its plan.
   *
   * @param mode a value of {@code plan_cache_mode}
   * @param values in SQL, of its parameters, in the order in which they first appear
   */
  String explain(String mode, String... values) throws SQLException, IOException {
    var plan = new StringJoiner("\n");
    try (var connection = fixture.postgres.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("set plan_cache_mode = " + mode);
      statement.execute("prepare statement as " + numbered(text()));
      var execute = "execute statement (" + String.join(", ", values) + ")";
      try (var rows = statement.executeQuery("explain (analyze, buffers, timing off) " + execute)) {
        while (rows.next()) {
          plan.add(rows.getString(1));
        }
      }
      connection.rollback();
    }
    return plan.toString();
  }

  /** The number of custom plans that PostgreSQL made in ten calls of a role. */
  String customPlans(String role, String... values) throws SQLException, IOException {
    var url = "jdbc:postgresql://127.0.0.1:" + fixture.postgres.port() + "/cruddur";
    try (var connection = DriverManager.getConnection(url, role, role);
        var statement = connection.createStatement()) {
      statement.execute("prepare statement as " + numbered(text()));
      for (var call = 0; call < 10; call++) {
        statement.execute("execute statement (" + String.join(", ", values) + ")");
      }
      try (var rows =
          statement.executeQuery(
              "select custom_plans from pg_prepared_statements where name = 'statement'")) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  private static String numbered(String text) {
    var names = PARAMETER.matcher(text).results().map(match -> match.group(1)).distinct().toList();
    return PARAMETER.matcher(text).replaceAll(match -> "\\$" + (names.indexOf(match.group(1)) + 1));
  }

  private String text() throws IOException {
    try (InputStream stream = Plan.class.getResourceAsStream("/sql/" + file)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replaceAll("--[^\n]*", "");
    }
  }
}
