package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final PrimingContext context = new PrimingContext(HOUR);

  @Test
  void isThatOfTheCall() {
    var left = TimeLeft.of(context);
    assertTrue(left.compareTo(Duration.ZERO) > 0 && left.compareTo(HOUR) <= 0, left::toString);
    assertTrue(TimeLeft.of(context).compareTo(left) <= 0);
  }

  @Test
  void mayHaveALimit() {
    assertEquals(MINUTE, TimeLeft.atMost(MINUTE, context));
    assertTrue(TimeLeft.atMost(HOUR.multipliedBy(2), context).compareTo(HOUR) <= 0);
  }
}
