package cruddur.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The failures of a nemesis run. */
class NemesisResultTest {
  private static final Ledger.Balance CLEAN = new Ledger.Balance(9, 8, 9, 0, 0);

  @Test
  void aCleanRunBreaksNothing() {
    assertEquals(List.of(), result(CLEAN, 3, 0, 0, 0).broken());
  }

  @Test
  void eachBrokenPromiseIsNamed() {
    assertEquals(
        List.of("lost: 1"), result(new Ledger.Balance(9, 8, 8, 0, 1), 3, 0, 0, 0).broken());
    assertEquals(
        List.of("doubled: 1", "users doubled: 2"),
        result(new Ledger.Balance(9, 8, 9, 1, 0), 3, 0, 2, 0).broken());
    assertEquals(List.of("users without row: 1"), result(CLEAN, 3, 1, 0, 0).broken());
    assertEquals(List.of("expired activities left: 4"), result(CLEAN, 3, 0, 0, 4).broken());
    assertEquals(
        List.of("nothing was acknowledged", "no user signed up"),
        result(new Ledger.Balance(0, 0, 0, 0, 0), 0, 0, 0, 0).broken());
  }

  private static NemesisResult result(
      Ledger.Balance balance, int signUps, long withoutRow, long doubledUsers, int overdue) {
    return new NemesisResult(
        1,
        Duration.ofMinutes(20),
        40,
        30,
        balance,
        signUps,
        withoutRow,
        doubledUsers,
        overdue,
        Duration.ofSeconds(1),
        List.of());
  }
}
