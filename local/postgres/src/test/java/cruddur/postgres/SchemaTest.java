package cruddur.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rules of {@code sql/schema.sql}, and the roles' settings. {@link RolesTest} has their rights.
 */
class SchemaTest {
  private static final String USER =
      "insert into users (uuid, display_name, handle, email, cognito_user_id) values"
          + " ('0199c0de-0000-7000-8000-000000000001', 'Londo', 'Londo', 'l@example.com', 'sub-1')";

  @AutoClose private static final Postgres postgres = Postgres.temporary();

  @BeforeEach
  void oneUser() throws SQLException {
    postgres.execute("truncate users cascade");
    postgres.execute(USER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          23505 | 'a', 'b', 'c@example.com', 'sub-1'
          23505 | 'a', 'LONDO', 'c@example.com', 'sub-2'
          23514 | '', 'b', 'c@example.com', 'sub-2'
          23514 | 'a', '', 'c@example.com', 'sub-2'
          23514 | 'a', repeat('b', 101), 'c@example.com', 'sub-2'
          23502 | 'a', 'b', null, 'sub-2'
          23502 | 'a', 'b', 'c@example.com', null
          """)
  void refusesAUserThatBreaksARule(String sqlState, String values) {
    assertSqlState(
        sqlState,
        "insert into users (display_name, handle, email, cognito_user_id) values (" + values + ")");
  }

  @Test
  void refusesAFoldedHandleTwice() throws SQLException {
    postgres.execute("update users set handle_key = 'g\u2019kar'");
    assertSqlState(
        "23505",
        "insert into users (display_name, handle, handle_key, email, cognito_user_id)"
            + " values ('a', 'b', 'g\u2019kar', 'c@example.com', 'sub-2')");
  }

  @Test
  void givesRowsThatTheApplicationDoesNotMakeTheirKeys() throws SQLException {
    postgres.execute(
        "insert into users (display_name, handle, email, cognito_user_id)"
            + " values ('a', 'ＫＯＳＨ', 'c@example.com', 'sub-2')");
    assertEquals(
        "kosh", postgres.value("select handle_key from users where cognito_user_id = 'sub-2'"));
    assertEquals(
        "7|8",
        postgres.value(
            "select concat_ws('|', substr(uuid::text, 15, 1),"
                + " translate(substr(uuid::text, 20, 1), '9ab', '888'))"
                + " from users where cognito_user_id = 'sub-2'"));
    // The same instant as in UuidV7Test, which tests the application.
    assertEquals(
        "017f22e2-79b0-7800",
        postgres.value("select left(uuid_v7('2022-02-22 19:22:22.0005+00')::text, 18)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          23514 | message | ''
          23514 | message | repeat('m', 281)
          23502 | message | null
          23502 | likes_count | null
          23514 | likes_count | -1
          23503 | user_uuid | '0199c0de-0000-7000-8000-00000000000f'
          23503 | reply_to_activity_uuid | '0199c0de-0000-7000-8000-00000000000f'
          23502 | expires_at | null
          23514 | expires_at | created_at
          23514 | expires_at | created_at + interval '721 hours'
          23514 | expires_at | created_at + interval '2 hours'
          23514 | idempotency_key | ''
          23514 | idempotency_key | 'a b'
          23514 | idempotency_key | repeat('k', 256)
          """)
  void refusesAnActivityThatBreaksARule(String sqlState, String column, String value)
      throws SQLException {
    postgres.execute(ACTIVITY);
    assertSqlState(sqlState, "update activities set " + column + " = " + value);
  }

  private static final String ACTIVITY =
      "insert into activities (uuid, user_uuid, message, expires_at, idempotency_key) select"
          + " gen_random_uuid(), uuid, repeat('💚', 280), now() + interval '720 hours', 'key' from"
          + " users";

  @Test
  void refusesAnAuthorsKeyTwice() throws SQLException {
    postgres.execute(ACTIVITY);
    assertSqlState("23505", ACTIVITY);
  }

  @Test
  void keepsRepliesWhenWhatTheyReplyToGoes() throws SQLException {
    postgres.execute(ACTIVITY);
    postgres.execute(
        "insert into activities (uuid, user_uuid, message, expires_at, reply_to_activity_uuid)"
            + " select gen_random_uuid(), user_uuid, 'reply', now() + interval '1 hour', uuid from"
            + " activities");
    postgres.execute("delete from activities where message <> 'reply'");
    assertEquals(
        "1",
        postgres.value("select count(*) from activities where reply_to_activity_uuid is null"));
  }

  @Test
  void theRoleOfTheFeedReadsOnly() throws SQLException {
    var url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/cruddur";
    try (var connection = DriverManager.getConnection(url, "cruddur_feed", "any");
        var statement = connection.createStatement()) {
      var failure =
          assertThrows(SQLException.class, () -> statement.execute("create temporary table x ()"));
      assertEquals("25006", failure.getSQLState());
    }
  }

  @Test
  void rolesHaveTimeouts() throws SQLException {
    assertEquals(
        "cruddur_activities cruddur_feed cruddur_ingress cruddur_sweeper cruddur_users",
        postgres.value(
            """
            select string_agg(rolname, ' ' order by rolname)
            from pg_roles
            where rolconfig @> array['statement_timeout=1500ms', 'lock_timeout=1000ms']
            """));
  }

  private static void assertSqlState(String sqlState, String command) {
    var failure = assertThrows(SQLException.class, () -> postgres.execute(command), command);
    assertEquals(sqlState, failure.getSQLState(), failure.toString());
  }
}
