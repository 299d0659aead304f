package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlTest {
  @Test
  void findsNamedParametersInTheirOrder() {
    var sql = Sql.parse("x.sql", "select :a, :b_2, (:a)");
    assertEquals("select ?, ?, (?)", sql.text());
    assertEquals(List.of("a", "b_2", "a"), sql.parameters());
  }

  @Test
  void leavesCastsLiteralsTimesAndNamedArgumentsAlone() {
    var text = "select 'a '':not' || x::text, '12:30', f(secs => 1), array[1:2]";
    assertEquals(text, Sql.parse("x.sql", text).text());
    assertEquals(List.of(), Sql.parse("x.sql", text).parameters());
  }

  @Test
  void leavesOutComments() {
    var sql = Sql.parse("x.sql", "-- :not, a 'quote\nselect 1 -- :nor this\n, '-- text'\n");
    assertEquals("select 1 \n, '-- text'", sql.text());
    assertEquals(List.of(), sql.parameters());
  }

  @Test
  void namesTheFileThatIsMissing() {
    var failure = assertThrows(IllegalArgumentException.class, () -> Sql.load("no/such.sql"));
    assertTrue(failure.toString().contains("sql/no/such.sql"), failure.toString());
  }

  @Test
  void refusesAParameterThatTheStatementDoesNotHave() {
    var query = Sql.parse("x.sql", "select :a").query();
    assertThrows(IllegalArgumentException.class, () -> query.bind("b", 1));
  }
}
