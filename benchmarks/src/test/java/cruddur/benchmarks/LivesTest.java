package cruddur.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cruddur.database.Sql;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LivesTest {
  private static final Sql HOME = Sql.load("activities/home.sql");

  @ParameterizedTest
  @EnumSource
  void nineOfTenHaveExpired(Lives lives) throws IOException {
    try (var table = FilledTable.fill(lives, 1_000, new Progress("fill", 1))) {
      var all = HOME.query().bind("before", null).bind("limit", 1_000);
      var json = table.open().run(all, Duration.ofSeconds(10)).text("activities");
      assertEquals(100, json.split("\"handle\"", -1).length - 1);
    }
  }
}
