package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureKindTest {
  /**
   * @param retries allowed ones; 3 stands for no limit
   */
  @ParameterizedTest
  @CsvSource({
    "08001, NOT_READY, 3",
    "57P02, NOT_READY, 3",
    "57P03, NOT_READY, 3",
    "08003, BROKEN, 2",
    "08006, BROKEN, 2",
    "57P01, BROKEN, 2",
    "25006, NOT_READY, 3",
    "53300, TOO_MANY_CONNECTIONS, 3",
    "40001, CONFLICT, 2",
    "40P01, CONFLICT, 2",
    "28P01, PASSWORD_REFUSED, 1",
    "28000, ACCESS_DENIED, 1",
    "55P03, TIMED_OUT, 0",
    "57014, TIMED_OUT, 0",
    "53100, OUT_OF_RESOURCES, 0",
    "3D000, DATABASE_UNKNOWN, 0",
    "55000, CLOSED, 0",
    "42501, BUG, 0",
    "23505, BUG, 0"
  })
  void hasTheKindOfItsSqlState(String sqlState, FailureKind kind, int retries) {
    assertEquals(kind, FailureKind.of(new SQLException("x", sqlState)));
    for (var made = 1; made <= retries; made++) {
      assertTrue(kind.allowsRetry(made));
    }
    assertEquals(retries > 2, kind.allowsRetry(retries + 1));
  }

  @Test
  void isABugWithoutASqlState() {
    var kind = FailureKind.of(new SQLException("x"));
    assertEquals(FailureKind.BUG, kind);
    assertEquals("XX000", kind.exception("x.sql", new SQLException("x")).sqlState());
  }

  @Test
  void givesEachCauseItsOwnAdvice() {
    var messages =
        Arrays.stream(FailureKind.values())
            .map(kind -> kind.exception("x.sql", new SQLException("x", "08006")).getMessage())
            .collect(Collectors.toSet());
    assertEquals(FailureKind.values().length, messages.size());
  }

  @Test
  void isUnavailableUnlessItIsABug() {
    for (var kind : FailureKind.values()) {
      var exception = kind.exception("x.sql", new SQLException("x", "08006"));
      if (kind == FailureKind.BUG) {
        assertEquals(DatabaseException.class, exception.getClass());
      } else {
        assertInstanceOf(DatabaseUnavailableException.class, exception);
      }
    }
  }

  @Test
  void pausesLongerEachTimeUpToEightTimesWithJitter() {
    for (var made = 1; made <= 6; made++) {
      var longest = 100 * Math.min(1 << (made - 1), 8);
      var pauses = new TreeSet<Long>();
      for (var draw = 0; draw < 100; draw++) {
        pauses.add(FailureKind.NOT_READY.pauseAfter(made).toMillis());
      }
      assertTrue(pauses.first() >= longest / 2 && pauses.last() <= longest, pauses.toString());
      assertTrue(pauses.size() > 1, pauses.toString());
    }
    assertEquals(Duration.ZERO, FailureKind.PASSWORD_REFUSED.pauseAfter(1));
  }
}
