package cruddur.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimesToLiveTest {
  @ParameterizedTest
  @EnumSource
  void nineOfTenHaveExpired(TimesToLive times) throws SQLException {
    try (var table = FilledTable.fill(times, 1_000, new Progress("fill", 1))) {
      var database = table.open(FilledTable.WHOLE, FilledTable.FEED);
      var json = Statements.page(database, null, 1_000).text("activities");
      assertEquals(100, json.split("\"handle\"", -1).length - 1);
    }
  }
}
