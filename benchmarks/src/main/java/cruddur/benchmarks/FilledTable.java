package cruddur.benchmarks;

import cruddur.database.Database;
import cruddur.postgres.Postgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server with a number of activities of a thousand users, vacuumed and analyzed. */
final class FilledTable implements AutoCloseable {
  private static final String WHOLE = "cruddur";
  private static final String SWEPT = "swept";

  /** The role of HomeActivities, which only reads. */
  static final String FEED_ROLE = "cruddur_feed";

  /** Rows of a part. */
  static final long PART = 250_000;

  private final Postgres postgres;
  private final long rows;
  private final List<Database> databases = new ArrayList<>();

  private FilledTable(Postgres postgres, long rows) {
    this.postgres = postgres;
    this.rows = rows;
  }

  /** The number of parts in which a table is filled. */
  static int parts(long rows) {
    return Math.toIntExact((rows + PART - 1) / PART);
  }

  /** Starts a server with a thousand users and no activities yet. */
  static FilledTable empty(long rows) throws IOException {
    // As an instance with 1 GiB has it, and few checkpoints while filling.
    var settings = Map.of("fsync", "on", "shared_buffers", "256MB", "max_wal_size", "8GB");
    var table = new FilledTable(Postgres.temporary(settings), rows);
    try {
      table.execute(
          WHOLE,
          """
          insert into users (display_name, handle, email, cognito_user_id)
          select 'User ' || number, 'user-' || number, 'user@example.com', 'sub-' || number
          from generate_series(1, 1000) as number
          """);
      return table;
    } catch (IOException failure) {
      table.close();
      throw failure;
    }
  }

  /** Starts a server and fills it, a step of progress each part. */
  static FilledTable fill(Lives lives, long rows, Progress progress) throws IOException {
    var table = empty(rows);
    try (var connection = table.connect(WHOLE);
        var statement = connection.createStatement()) {
      // Without looking up, for each row, the author that it was just joined with.
      statement.execute("set session_replication_role = replica");
      for (var first = 1L; first <= rows; first += PART) {
        statement.execute(lives.insert(rows, first, Math.min(first + PART - 1, rows)));
        progress.step(lives.title + ", filling " + rows);
      }
      statement.execute("vacuum (analyze) activities");
      statement.execute("analyze users");
      statement.execute("checkpoint");
    } catch (SQLException failure) {
      table.close();
      throw new IOException(failure);
    }
    return table;
  }

  long rows() {
    return rows;
  }

  /** Starts a streaming standby of the server. */
  Postgres standby() {
    return postgres.standby();
  }

  /** The id of the server's first process. */
  long processId() {
    return postgres.processId();
  }

  /** The address of the whole table's database, as HomeActivities has it. */
  String url() {
    return postgres.url(FEED_ROLE);
  }

  /** Makes a copy to sweep; nobody may be connected. */
  void copy() throws IOException {
    execute("postgres", "create database " + SWEPT + " template " + WHOLE + " strategy file_copy");
  }

  /** Takes out what was posted to the copy, and does in it what autovacuum does in time. */
  void tidyCopy() throws IOException {
    execute(SWEPT, "delete from activities where message = '" + Sweeping.MESSAGE + "'");
    execute(SWEPT, "vacuum (analyze) activities");
  }

  /** Runs a command in the whole table's database, as the superuser. */
  void execute(String command) throws IOException {
    execute(WHOLE, command);
  }

  /** The whole table's database, as SweepActivities has it. */
  Database openToSweep() {
    return open(WHOLE, "cruddur_sweeper");
  }

  /** The whole table's database, as a function has it. */
  Database open() {
    return open(WHOLE, Bundle.ROLE);
  }

  /** The copy's database, likewise. */
  Database openCopy() {
    return open(SWEPT, Bundle.ROLE);
  }

  /** The copy's database, as SweepActivities has it. */
  Database openCopyToSweep() {
    return open(SWEPT, "cruddur_sweeper");
  }

  private Database open(String name, String role) {
    var url = "postgresql://%s:any@127.0.0.1:%d/%s".formatted(role, postgres.port(), name);
    var database = new Database(url);
    databases.add(database);
    return database;
  }

  private void execute(String database, String command) throws IOException {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute(command);
    } catch (SQLException failure) {
      throw new IOException(failure);
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s".formatted(postgres.port(), database),
        "postgres",
        "postgres");
  }

  @Override
  public void close() {
    databases.forEach(Database::close);
    postgres.close();
  }
}
