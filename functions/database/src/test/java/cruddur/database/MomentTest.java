package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MomentTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  private static final Moment BEFORE = new Moment(7_000_000_000L, NOON);

  @Test
  void countsTheTimeInWhichAFrozenEnvironmentsOwnClockStoodStill() {
    var thawed = new Moment(8_000_000_000L, NOON.plusSeconds(3600));
    assertEquals(Duration.ofHours(1), thawed.since(BEFORE));
  }

  @Test
  void countsTheTimeForWhichTheWallClockWasSetBack() {
    var setBack = new Moment(67_000_000_000L, NOON.minusSeconds(3600));
    assertEquals(Duration.ofMinutes(1), setBack.since(BEFORE));
  }
}
