package cruddur.benchmarks;

import cruddur.database.Database;
import cruddur.postgres.LocalDatabase;
import cruddur.postgres.Postgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server with the activities of a thousand users, and at times a copy of its database. */
final class FilledTable implements LocalDatabase, AutoCloseable {
  /** The database with all activities. */
  static final String WHOLE = "cruddur";

  /** The copy that is swept. */
  static final String COPY = "swept";

  /** The role of HomeActivities, which only reads. */
  static final String FEED = "cruddur_feed";

  /** The role of SweepActivities. */
  static final String SWEEPER = "cruddur_sweeper";

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

  /** Starts a server with a thousand users and no activities. */
  static FilledTable empty(long rows) throws SQLException {
    // The buffers of an instance with 1 GiB, and few checkpoints while the table is filled.
    var settings = Map.of("fsync", "on", "shared_buffers", "256MB", "max_wal_size", "8GB");
    var table = new FilledTable(Postgres.temporary(settings), rows);
    try {
      table.execute(
          """
          insert into users (display_name, handle, email, cognito_user_id)
          select 'User ' || number, 'user-' || number, 'user@example.com', 'sub-' || number
          from generate_series(1, 1000) as number
          """);
      return table;
    } catch (SQLException failure) {
      table.close();
      throw failure;
    }
  }

  /** Starts a server and fills its table, with a step of progress for each part. */
  static FilledTable fill(TimesToLive times, long rows, Progress progress) throws SQLException {
    var table = empty(rows);
    try (var connection = table.connect();
        var statement = connection.createStatement()) {
      // Skips the check of the foreign key: each row is joined with its author anyway.
      statement.execute("set session_replication_role = replica");
      for (var first = 1L; first <= rows; first += PART) {
        statement.execute(times.insert(rows, first, Math.min(first + PART - 1, rows)));
        progress.step(times.title + ", filling " + rows);
      }
      statement.execute("vacuum (analyze) activities");
      statement.execute("analyze users");
      statement.execute("checkpoint");
    } catch (SQLException failure) {
      table.close();
      throw failure;
    }
    return table;
  }

  long rows() {
    return rows;
  }

  Postgres standby() {
    return postgres.standby();
  }

  long processId() {
    return postgres.processId();
  }

  /** Copies the database, which must have no connections. */
  void copy() throws SQLException {
    executeIn("postgres", "create database " + COPY + " template " + WHOLE + " strategy file_copy");
  }

  /** Deletes the benchmark's posts from the copy, and vacuums it as autovacuum would later. */
  void tidyCopy() throws SQLException {
    executeIn(
        COPY,
        "delete from activities where message = '" + Statements.MESSAGE + "'",
        "vacuum (analyze) activities");
  }

  /** Opens a database as a role; it is closed with this table. */
  Database open(String database, String role) {
    var opened = new Database(url(database, role));
    databases.add(opened);
    return opened;
  }

  /** The address of a database for a role. */
  String url(String database, String role) {
    return "postgresql://%s:any@127.0.0.1:%d/%s".formatted(role, port(), database);
  }

  @Override
  public int port() {
    return postgres.port();
  }

  @Override
  public void close() {
    databases.forEach(Database::close);
    postgres.close();
  }
}
