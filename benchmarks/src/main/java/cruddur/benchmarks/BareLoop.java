package cruddur.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The baseline of a function: a process that only runs the function's statement, prepared, on one
 * connection. Each line on standard input is the number of a call. The process makes that call and
 * prints its nanoseconds.
 */
final class BareLoop {
  private static final Pattern PARAMETER = Pattern.compile("--[^\\n]*|(?<!:):([a-z_]+)");

  private BareLoop() {}

  /** Arguments: the JDBC URL and the file of the statement. */
  public static void main(String[] arguments) throws IOException, SQLException {
    var names = new ArrayList<String>();
    var source = Files.readString(Path.of(arguments[1]));
    var text =
        PARAMETER
            .matcher(source)
            .replaceAll(
                found -> {
                  if (found.group(1) == null) {
                    return "";
                  }
                  names.add(found.group(1));
                  return "?";
                });
    try (var connection = DriverManager.getConnection(arguments[0]);
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (var line = input.readLine(); line != null; line = input.readLine()) {
        System.out.println(run(connection, text, names, Integer.parseInt(line)));
      }
    }
  }

  private static long run(Connection connection, String text, List<String> names, int call)
      throws SQLException {
    var author = "%s%04d".formatted(Bundle.AUTHOR_PREFIX, call % Bundle.AUTHOR_COUNT);
    var begin = System.nanoTime();
    try (var statement = connection.prepareStatement(text)) {
      bind(statement, names, author);
      try (var rows = statement.executeQuery()) {
        if (!rows.next() || rows.getString(1).equals("null")) {
          throw new IllegalStateException("no row");
        }
      }
    }
    return System.nanoTime() - begin;
  }

  private static void bind(PreparedStatement statement, List<String> names, String author)
      throws SQLException {
    var uuid = UUID.randomUUID();
    for (var index = 0; index < names.size(); index++) {
      statement.setObject(
          index + 1,
          switch (names.get(index)) {
            case "uuid" -> uuid;
            case "cognito_user_id" -> author;
            case "message" -> "Faith manages. 💚";
            case "time_to_live" -> 604_800;
            case "window" -> 300;
            case "posts" -> Bundle.POST_LIMIT;
            case "limit" -> 20;
            default -> null;
          });
    }
  }
}
