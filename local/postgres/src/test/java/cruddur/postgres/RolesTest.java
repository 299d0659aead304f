package cruddur.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All rights of the roles of {@code sql/migrations/R__roles.sql}, read from the catalog. A new
 * right of a role fails until it is listed here.
 */
class RolesTest {
  @AutoClose private static final Postgres postgres = Postgres.temporary();

  @Test
  void mayUseTheseColumnsAndNoOthers() throws SQLException {
    assertEquals(
        lines(
            """
            cruddur_activities insert activities: expires_at idempotency_key message user_uuid uuid
            cruddur_activities select activities: created_at expires_at idempotency_key likes_count message replies_count reply_to_activity_uuid reposts_count user_uuid uuid
            cruddur_activities select users: cognito_user_id display_name handle uuid
            cruddur_feed select activities: created_at expires_at likes_count message replies_count reply_to_activity_uuid reposts_count user_uuid uuid
            cruddur_feed select users: display_name handle uuid
            cruddur_sweeper select activities: expires_at uuid
            cruddur_users insert users: cognito_user_id display_name email handle handle_key uuid
            cruddur_users select users: cognito_user_id handle uuid
            """),
        query(
            """
            select concat_ws(' ', role.rolname, privilege, relation.oid::regclass || ':', string_agg(attname, ' ' order by attname))
            from pg_roles as role
            cross join pg_class as relation
            join pg_attribute on attrelid = relation.oid and attnum > 0 and not attisdropped
            cross join unnest(array['select', 'insert', 'update', 'references']) as privilege
            where role.rolname like 'cruddur%' and relkind in ('r', 'p', 'v', 'm', 'f')
              and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
              and has_column_privilege(role.oid, relation.oid, attnum, privilege)
            group by role.rolname, privilege, relation.oid
            """));
  }

  @Test
  void onlyTheSweeperMayDeleteAndOnlyActivities() throws SQLException {
    assertEquals(
        lines("cruddur_sweeper delete activities"),
        query(
            """
            select concat_ws(' ', role.rolname, privilege, relation.oid::regclass)
            from pg_roles as role
            cross join pg_class as relation
            cross join unnest(
              array['delete', 'truncate', 'trigger']
                -- PostgreSQL 17 added the right to maintain.
                || case when current_setting('server_version_num')::int < 170000 then '{}'::text[] else '{maintain}' end
            ) as privilege
            where role.rolname like 'cruddur%' and relkind in ('r', 'p', 'v', 'm', 'f')
              and relnamespace <> 'pg_toast'::regnamespace
              and has_table_privilege(role.oid, relation.oid, privilege)
            union all
            select concat_ws(' ', role.rolname, privilege, relation.oid::regclass)
            from pg_roles as role
            cross join pg_class as relation
            cross join unnest(array['usage', 'select', 'update']) as privilege
            where role.rolname like 'cruddur%' and relkind = 'S'
              and has_sequence_privilege(role.oid, relation.oid, privilege)
            """));
  }

  @Test
  void mayReadNoMoreOfTheCatalogThanAnybody() throws SQLException {
    assertEquals(
        List.of(),
        query(
            """
            select concat_ws(' ', role.rolname, privilege, relation.oid::regclass || '.' || attname)
            from pg_roles as role
            cross join pg_class as relation
            join pg_attribute on attrelid = relation.oid and attnum > 0 and not attisdropped
            cross join unnest(array['select', 'insert', 'update']) as privilege
            where role.rolname like 'cruddur%' and role.rolcanlogin
              and relkind in ('r', 'p', 'v', 'm', 'f')
              and relnamespace::regnamespace::text ~ '^(pg_|information_schema)'
              and has_column_privilege(role.oid, relation.oid, attnum, privilege)
              and not has_column_privilege('nobody', relation.oid, attnum, privilege)
            """));
  }

  @Test
  void mayRunOneFunctionThatNotEverybodyMay() throws SQLException {
    assertEquals(
        lines("cruddur_ingress ingress.end_sessions(inet[])"),
        query(
            """
            select concat_ws(' ', role.rolname, pg_proc.oid::regprocedure)
            from pg_roles as role
            cross join pg_proc
            where role.rolname like 'cruddur%' and role.rolcanlogin
              and has_function_privilege(role.oid, pg_proc.oid, 'execute')
              and not has_function_privilege('nobody', pg_proc.oid, 'execute')
            """));
  }

  @Test
  void onlyTheSessionEnderMayCreateObjects() throws SQLException {
    assertEquals(
        lines(
            """
            cruddur_activities connect cruddur, usage public
            cruddur_feed connect cruddur, usage public
            cruddur_ingress connect cruddur, usage ingress, usage public
            cruddur_session_ender connect cruddur, create ingress, usage ingress, usage public
            cruddur_sweeper connect cruddur, usage public
            cruddur_users connect cruddur, usage public
            """),
        query(
            """
            select rolname || ' ' || string_agg(permission, ', ' order by permission)
            from (
              select rolname, privilege || ' ' || nspname as permission
              from pg_roles
              cross join pg_namespace
              cross join unnest(array['usage', 'create']) as privilege
              where rolname like 'cruddur%' and nspname !~ '^(pg_|information_schema)'
                and has_schema_privilege(rolname, nspname, privilege)
              union all
              select rolname, privilege || ' ' || datname
              from pg_roles
              cross join pg_database
              cross join unnest(array['connect', 'create', 'temporary']) as privilege
              where rolname like 'cruddur%' and datallowconn
                and has_database_privilege(rolname, datname, privilege)
            ) as permitted
            group by rolname
            """));
  }

  @Test
  void onlyTheSessionEnderIsAMemberOrAnOwner() throws SQLException {
    assertEquals(
        lines(
            """
            cruddur_session_ender pg_monitor
            cruddur_session_ender pg_signal_backend
            """),
        query(
            """
            select concat_ws(' ', member::regrole, roleid::regrole)
            from pg_auth_members
            where member::regrole::text like 'cruddur%' or roleid::regrole::text like 'cruddur%'
            """));
    assertEquals(
        List.of(),
        query(
            """
            select rolname
            from pg_roles
            where rolname like 'cruddur%'
              and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
                or rolcanlogin and rolname = 'cruddur_session_ender')
            """));
    assertEquals(
        lines("function ingress.end_sessions\nschema ingress"),
        query(
            """
            select 'schema ' || nspname from pg_namespace
            where nspowner::regrole::text like 'cruddur%'
            union all
            select 'function ' || oid::regproc from pg_proc where proowner::regrole::text like 'cruddur%'
            union all
            select 'relation ' || oid::regclass from pg_class where relowner::regrole::text like 'cruddur%'
            """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cruddur_users",
        "cruddur_activities",
        "cruddur_feed",
        "cruddur_sweeper",
        "cruddur_ingress"
      })
  void reachNeitherFilesNorProgramsNorOtherRolesNorDatabases(String role) throws SQLException {
    for (var command :
        List.of(
            "select pg_read_file('/etc/hostname')",
            "select pg_read_binary_file('/etc/hostname')",
            "select pg_ls_dir('/')",
            "select lo_import('/etc/hostname')",
            "select lo_export(1, '/tmp/out')",
            "copy (select 1) to '/tmp/out'",
            "copy (select 1) to program 'true'",
            "create extension plpython3u",
            "create function f() returns int language sql as 'select 1'",
            "do language plpgsql 'begin execute ''set role postgres''; end'",
            "set role postgres",
            "set session authorization postgres",
            "set role cruddur_session_ender",
            "alter role " + role + " createrole",
            "alter system set fsync = off",
            "alter table users add column x int",
            "drop table activities",
            "select rolpassword from pg_authid",
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'",
            "grant select on users to public",
            "create publication p for all tables",
            "create event trigger t on ddl_command_start execute function f()")) {
      assertEquals("42501", sqlState(role, "cruddur", command), command);
    }
    for (var database : List.of("postgres", "template1")) {
      assertEquals("42501", sqlState(role, database, "select 1"), database);
    }
  }

  private static String sqlState(String role, String database, String command) {
    try (var connection = postgres.connect(database, role);
        var statement = connection.createStatement()) {
      statement.execute(command);
      return "none";
    } catch (SQLException failure) {
      return failure.getSQLState();
    }
  }

  private static List<String> lines(String text) {
    return text.lines().toList();
  }

  /**
   * The first column of a query's rows, sorted. The query can use a role {@code nobody}, which has
   * no rights of its own.
   */
  private static List<String> query(String query) throws SQLException {
    var values = new TreeSet<String>();
    try (var connection = postgres.connect()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute("create role nobody");
        try (var rows = statement.executeQuery(query)) {
          while (rows.next()) {
            values.add(rows.getString(1));
          }
        }
      }
      connection.rollback();
    }
    return List.copyOf(values);
  }
}
