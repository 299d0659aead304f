package cruddur.migrations;

import java.sql.Connection;
import java.sql.SQLException;

/** The state of a database before a run. */
enum SchemaState {
  /** There are no tables. */
  EMPTY,
  /**
   * The tables are from before there were migrations; {@code V1__tables.sql} makes nearly the same.
   */
  BEFORE_MIGRATIONS,
  /** There is a history of migrations. */
  MIGRATED,
  /** There are tables of other software. */
  FOREIGN;

  /** The table in which Flyway keeps the history. */
  static final String HISTORY = "flyway_schema_history";

  /** The version of a database in the state {@link #BEFORE_MIGRATIONS}. */
  static final String BASELINE = "1";

  private static final String READ =
      """
      select
        case
          when bool_or(tablename = '%s') then 'MIGRATED'
          when count(*) filter (where tablename in ('users', 'activities')) = 2
            and not exists (
              select
              from pg_attribute
              where attrelid = to_regclass('public.users')
                and attname = 'handle_key'
            ) then 'BEFORE_MIGRATIONS'
          when count(*) = 0 then 'EMPTY'
          else 'FOREIGN'
        end as state
      from pg_tables
      where schemaname = 'public'
      """
          .formatted(HISTORY);

  static SchemaState read(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(READ)) {
      rows.next();
      return valueOf(rows.getString("state"));
    }
  }
}
