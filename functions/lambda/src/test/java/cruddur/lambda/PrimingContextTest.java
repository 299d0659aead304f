package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import cruddur.testbed.CapturedOutput;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PrimingContextTest {
  private static final Duration DAYS = Duration.ofDays(20);

  private final PrimingContext context = new PrimingContext(DAYS);

  @Test
  void isActiveForHalfOfItsTime() {
    assertTrue(context.isActive());
    assertFalse(new PrimingContext(Duration.ZERO).isActive());
  }

  @Test
  void leavesEachCallAtLeastHalfOfItsTime() {
    var left = Duration.ofMillis(context.getRemainingTimeInMillis());
    assertTrue(left.compareTo(DAYS) <= 0, left::toString);
    assertTrue(left.compareTo(DAYS.dividedBy(2)) > 0, left::toString);
  }

  @Test
  void printsTheNumberOfCalls() {
    var begin = System.nanoTime();
    var timed = new PrimingContext(DAYS);
    try (var printed = new CapturedOutput()) {
      timed.logSuccess(7);
      var line = printed.text();
      assertTrue(line.matches("primed: 7 calls in \\d+ ms\\R"), line);
      var milliseconds = Long.parseLong(line.replaceAll(".* in | ms\\R", ""));
      assertTrue(milliseconds <= (System.nanoTime() - begin) / 1_000_000, line);
    }
  }

  @Test
  void printsTheFirstLineOfTheFirstErrorAndEnds() {
    try (var printed = new CapturedOutput()) {
      context.getLogger().log("not an error", LogLevel.WARN);
      assertTrue(context.isActive());
      context.getLogger().log("first\nsecond", LogLevel.ERROR);
      assertFalse(context.isActive());
      context.getLogger().log("third", LogLevel.ERROR);
      context.logSuccess(7);
      assertEquals(
          "not primed, so first calls will be slow: first", printed.text().stripTrailing());
    }
  }

  @Test
  void takesAMessageOfAnyKindForAnError() {
    try (var printed = new CapturedOutput()) {
      context.log("é".getBytes(StandardCharsets.UTF_8));
      assertEquals("not primed, so first calls will be slow: é", printed.text().stripTrailing());
    }
  }

  @Test
  void namesItselfInLogs() {
    assertEquals("priming", context.getAwsRequestId());
    assertEquals("priming", context.getFunctionName());
  }
}
