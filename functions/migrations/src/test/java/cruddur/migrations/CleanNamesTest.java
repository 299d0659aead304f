package cruddur.migrations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.testbed.Wait;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Names of the time before there were rules for them. */
class CleanNamesTest {
  private static final String NAMES =
      "select right(uuid::text, 2), handle, handle_key, display_name from users order by uuid";

  /** A database of version 6 without users. */
  private static TestDatabase database() {
    var database = TestDatabase.migrated();
    forget(database);
    return database;
  }

  /** Makes the migrations from version 7 on run again. */
  private static void forget(TestDatabase database) {
    database.execute(
        """
        delete from flyway_schema_history
        where installed_rank >= (select installed_rank from flyway_schema_history where version = '7');
        alter table activities drop constraint activities_time_to_live;
        """);
  }

  /** Adds users with the subs sub-1, sub-2 and so on: (number, handle, handle_key, name, email). */
  private static void add(TestDatabase database, String values) {
    database.execute(
        """
        insert into users (uuid, handle, handle_key, display_name, email, cognito_user_id)
        select
          cast('00000000-0000-7000-8000-' || lpad(number::text, 12, '0') as uuid),
          replace(handle, 'SUFFIX', left(md5('sub-' || number), 6)),
          replace(handle_key, 'SUFFIX', left(md5('sub-' || number), 6)),
          display_name,
          email,
          'sub-' || number
        from (values %s) as given (number, handle, handle_key, display_name, email)
        """
            .formatted(values));
  }

  private static UUID user(int number) {
    return UUID.fromString("00000000-0000-7000-8000-%012d".formatted(number));
  }

  private static String suffix(TestDatabase database, int number) {
    return database.value("select left(md5('sub-%d'), 6)".formatted(number));
  }

  @Test
  void bringsNamesToTheRulesAndReportsWhoGotASuffix() {
    var database = database();
    add(
        database,
        """
        (1, E'andrewbrown\\ufe0f', E'andrewbrown\\ufe0f', E'Andrew\\u00a0 \\tBrown', 'a@example.com'),
        (2, 'andrewbrown', 'andrewbrown', E'\\u0639\\u0644\\u06cc\\u200c\\u0631\\u0636\\u0627', 'b@example.com'),
        (3, 'real.person@gmail.example', 'real.person@gmail.example', 'real.person@gmail.example', 'c@example.com'),
        (4, '+15555550123', '+15555550123', E'\\u2800', 'Dana+x@example.com'),
        (5, E'\\u3164', E'\\u1160', E'\\u3164', '1234567@example.com'),
        (6, 'kosh naranek', 'kosh naranek', 'Kosh', 'f@example.com'),
        (7, 'ko''sh naranek', 'ko''sh naranek', 'Kosh', 'g@example.com'),
        (8, '"a-SUFFIX', '"a-SUFFIX', '"a', 'h@example.com'),
        (9, 'kosh-SUFFIX', 'kosh-SUFFIX', 'Kosh', 'i@example.com'),
        (10, U&'Stra\\00dfe', 'wrong', 'Street', 'j@example.com'),
        (11, '555-SUFFIX', '555-SUFFIX', '555', 'k@example.com'),
        (12, '+15555550123-SUFFIX', '+15555550123-SUFFIX', 'L', 'l@example.com')
        """);
    var report = database.migrator().migrate();
    assertEquals(
        List.of(
            "01|andrewbrown-%1$s|andrewbrown-%1$s|Andrew Brown".formatted(suffix(database, 1)),
            "02|andrewbrown|andrewbrown|\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
            "03|real.person|real.person|real.person",
            "04|Dana|dana|Dana",
            "05|user|user|user",
            "06|koshnaranek|koshnaranek|Kosh",
            "07|koshnaranek-%1$s|koshnaranek-%1$s|Kosh".formatted(suffix(database, 7)),
            "08|a|a|\"a",
            "09|kosh-%1$s|kosh-%1$s|Kosh".formatted(suffix(database, 9)),
            "10|Stra\u00dfe|strasse|Street",
            "11|555-%1$s|555-%1$s|555".formatted(suffix(database, 11)),
            "12|l|l|L"),
        database.rows(NAMES));
    assertEquals(List.of(user(1), user(7)), report.renamed());
    assertEquals(9, report.cleaned());
    var json = new String(report.json(), StandardCharsets.UTF_8);
    assertFalse(json.contains("example") || json.contains("kosh"), json);
    assertTrue(
        json.endsWith("\"renamedUsers\":[\"%s\",\"%s\"]}".formatted(user(1), user(7))), json);
  }

  @Test
  void changesNothingTheSecondTime() {
    var database = database();
    add(
        database,
        "(1, 'a b', 'a b', 'A', 'a@example.com'), (2, 'ab', 'ab', E'\\u200b', 'b@example.com')");
    assertEquals(2, database.migrator().migrate().cleaned());
    var versions = database.rows("select uuid, xmin from users order by uuid");
    forget(database);
    var again = database.migrator().migrate();
    assertEquals(List.of(), again.renamed());
    assertEquals(0, again.cleaned());
    assertEquals(versions, database.rows("select uuid, xmin from users order by uuid"));
  }

  @Test
  void readsMoreUsersThanOneBatchHas() {
    var database = database();
    database.execute(
        """
        insert into users (uuid, handle, handle_key, display_name, email, cognito_user_id)
        select
          cast('00000000-0000-7000-8000-' || lpad(number::text, 12, '0') as uuid),
          'u' || number || '!', 'u' || number || '!', 'U', 'u@example.com', 'sub-' || number
        from generate_series(1, 2001) as number
        """);
    assertEquals(2001, database.migrator().migrate().cleaned());
    assertEquals("0", database.value("select count(*) from users where handle ~ '!'"));
  }

  @Test
  void givesASuffixWhereASignUpTakesTheHandleMeanwhile() throws Exception {
    var database = database();
    add(database, "(1, 'a b', 'a b', 'A', 'a@example.com')");
    try (var signUp =
            database.holder(
                "insert into users (handle, handle_key, display_name, email, cognito_user_id)"
                    + " values ('ab', 'ab', 'AB', 'ab@example.com', 'sub-2')");
        var thread = Executors.newSingleThreadExecutor()) {
      var run = thread.submit(database.migrator()::migrate);
      Wait.until(
          "the run waits for the sign-up",
          () ->
              run.isDone()
                  || database
                      .value(
                          "select count(*) from pg_locks"
                              + " where not granted and locktype = 'transactionid'")
                      .equals("1"));
      signUp.commit();
      assertEquals(List.of(user(1)), run.get().renamed());
    }
    assertEquals(
        "ab-" + suffix(database, 1),
        database.value("select handle from users where cognito_user_id = 'sub-1'"));
  }
}
