package cruddur.activities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the feed's statement reads of a large table. */
class HomePlanTest {
  private static final Pattern ROWS = Pattern.compile("actual rows=([0-9.]+) loops=([0-9]+)");

  private static Rig rig;

  @BeforeAll
  static void fill() throws SQLException {
    rig = new Rig();
    rig.execute(
        """
        insert into users (display_name, handle, email, cognito_user_id)
        select 'user', 'user-' || number, 'user@example.com', 'sub-' || number
        from generate_series(1, 10000) as number
        """);
    rig.execute(
        """
        insert into activities (uuid, user_uuid, message, created_at, expires_at)
        select uuid_v7(now() - age), author, 'crud', now() - age, now() - age + interval '7 days'
        from (
          select number * interval '5 seconds' as age, authors.uuid as author
          from generate_series(1, 100000) as number
          inner join (select uuid, row_number() over () as position from users) as authors
            on authors.position = number % 10000 + 1
        ) as crud
        """);
    rig.execute(
        """
        insert into activities (uuid, user_uuid, message, created_at, expires_at)
        select uuid_v7(now() - age), author, 'old', now() - age, now() - age + interval '7 days'
        from (
          select interval '31 days' + number * interval '5 seconds' as age, uuid as author
          from generate_series(1, 20000) as number
          cross join (select uuid from users limit 1) as authors
        ) as crud
        """);
    rig.execute("analyze");
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @ParameterizedTest
  @CsvSource({
    "force_custom_plan, 20",
    "force_custom_plan, 100",
    "force_generic_plan, 20",
    "force_generic_plan, 100"
  })
  void readsOneRowMoreThanItShowsByIndex(String mode, int limit) throws Exception {
    assertEquals(100_000, rig.count("expires_at > now()"));
    var newest = plan(mode, "null", limit);
    assertReadsOnly(limit + 1, newest);
    var middle = rig.value("select uuid from activities order by uuid desc limit 1 offset 50000");
    assertReadsOnly(limit + 1, plan(mode, "'" + middle + "'", limit));
    var last =
        rig.value("select uuid from activities where message = 'crud' order by uuid limit 1");
    assertReadsOnly(0, plan(mode, "'" + last + "'", limit));
  }

  @Test
  void isPlannedOnceForAllCalls() throws Exception {
    assertEquals(
        "0", new Plan(rig, "activities/home.sql").customPlans("cruddur_activities", "null", "20"));
  }

  private static void assertReadsOnly(int rows, List<String> plan) {
    var text = String.join("\n", plan);
    assertFalse(text.contains("Seq Scan"), text);
    assertTrue(text.contains("Index Scan Backward using activities_pkey"), text);
    for (var line : plan) {
      var read = ROWS.matcher(line);
      if (line.contains("Scan") && read.find()) {
        var actual = Double.parseDouble(read.group(1)) * Integer.parseInt(read.group(2));
        assertTrue(actual <= rows, text);
      }
      assertFalse(line.contains("Rows Removed by Filter"), text);
    }
  }

  private static List<String> plan(String mode, String before, int limit) throws Exception {
    var home = new Plan(rig, "activities/home.sql");
    return home.explain(mode, before, Integer.toString(limit)).lines().toList();
  }
}
