package cruddur.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The database {@code cruddur} on a server of this machine, with short forms of JDBC for its
 * superuser. Each call has a connection of its own.
 */
@FunctionalInterface
public interface LocalDatabase {
  /** TCP port on 127.0.0.1. */
  int port();

  /** Opens a connection to the database. */
  default Connection connect() throws SQLException {
    return connect("cruddur");
  }

  /** Opens a connection to any database of the server. */
  default Connection connect(String database) throws SQLException {
    return connect(database, "postgres");
  }

  /**
   * Opens a connection as any role. It can write even if the database or the role is read-only by
   * default, since every role may change that default.
   */
  default Connection connect(String database, String role) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?connectTimeout=2&options=%s"
            .formatted(port(), database, "-c%20default_transaction_read_only=off"),
        role,
        "local");
  }

  /** Whether the server accepts connections. */
  default boolean isUp() {
    try (var connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException _) {
      return false;
    }
  }

  /** Runs commands in one session. */
  default void execute(String... commands) throws SQLException {
    executeIn("cruddur", commands);
  }

  /** Runs commands in one session of any database of the server. */
  default void executeIn(String database, String... commands) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      for (var command : commands) {
        statement.execute(command);
      }
    }
  }

  /** The first column of the first row, as text. */
  default String value(String query) throws SQLException {
    return column(query).getFirst();
  }

  /** The first column of all rows, as text. */
  default List<String> column(String query) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      var values = new ArrayList<String>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  /**
   * Copies the files of the running server into an empty directory, from which a streaming standby
   * can start.
   *
   * @param name the standby's {@code application_name}
   */
  default void copyForStandby(Path copy, String name) throws IOException, SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute("select pg_backup_start('standby', fast => true)");
      copyFiles(value("show data_directory"), copy);
      Files.delete(copy.resolve("postmaster.pid"));
      try (var rows = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        rows.next();
        Files.writeString(copy.resolve("backup_label"), rows.getString(1));
      }
    }
    Files.createFile(copy.resolve("standby.signal"));
    Files.writeString(
        copy.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres application_name=%s'%n"
            .formatted(port(), name));
  }

  private static void copyFiles(String from, Path to) throws IOException {
    var copy = new ProcessBuilder("cp", "-a", from + "/.", to.toString()).redirectErrorStream(true);
    // For the message below.
    copy.environment().put("LC_ALL", "C");
    var process = copy.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // A file may vanish meanwhile: the standby's replay removes it as well.
    if (!output.lines().allMatch(line -> line.contains("No such file or directory"))) {
      throw new IOException(output);
    }
  }
}
