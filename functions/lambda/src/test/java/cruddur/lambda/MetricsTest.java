package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.testbed.CapturedOutput;
import cruddur.testbed.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  @Test
  void areLinesInTheEmbeddedMetricFormat() {
    assertEquals(
        "{\"timestamp\":\"2026-01-02T03:04:05.678Z\",\"level\":\"INFO\",\"_aws\":{"
            + "\"Timestamp\":1767323045678,\"CloudWatchMetrics\":[{\"Namespace\":\"Cruddur\","
            + "\"Dimensions\":[[\"function\",\"code\"]],"
            + "\"Metrics\":[{\"Name\":\"Rejected\",\"Unit\":\"Count\"}]}]},"
            + "\"function\":\"f\",\"code\":\"ttl_blank\",\"Rejected\":1}",
        Metrics.line("f", "Rejected", "Count", 1, "code", "ttl_blank", NOW));
  }

  @Test
  void mayHaveTheFunctionAlone() {
    var line = Metrics.line("f", "Overdue", "Seconds", 90, "", "", NOW);
    assertEquals("[[\"function\"]]", line.replaceAll(".*\"Dimensions\":(.*?),\"Metrics.*", "$1"));
    assertEquals(
        "[{\"Name\":\"Overdue\",\"Unit\":\"Seconds\"}]",
        line.replaceAll(".*\"Metrics\":(.*?)}]},.*", "$1"));
    assertTrue(line.endsWith(",\"Overdue\":90}"), line);
  }

  @Test
  void arePrintedOneALine() {
    var context = new Invocation();
    try (var printed = new CapturedOutput()) {
      Metrics.count(context, "Created");
      Metrics.count(context, "Rejected", "code", "ttl_blank");
      Metrics.measure(context, "Overdue", "Seconds", 90);
      assertEquals(
          List.of(
              "Created 1 Count function=test",
              "Rejected 1 Count function=test code=ttl_blank",
              "Overdue 90 Seconds function=test"),
          printed.metrics());
    }
  }

  @Test
  void areNotPrintedForAPrimingCall() {
    var priming = new PrimingContext(Duration.ofSeconds(1));
    try (var printed = new CapturedOutput()) {
      Metrics.countColdStart(priming);
      Metrics.count(priming, "Created");
      Metrics.count(priming, "Rejected", "code", "ttl_blank");
      Metrics.measure(priming, "Overdue", "Seconds", 90);
      assertEquals("", printed.text());
    }
  }

  @Test
  void countTheFirstCallOfAProcessThatIsNoPrimingCall() {
    Metrics.COLD.set(true);
    Metrics.countColdStart(new PrimingContext(Duration.ofSeconds(1)));
    try (var printed = new CapturedOutput()) {
      Metrics.countColdStart(new Invocation());
      Metrics.countColdStart(new Invocation());
      assertEquals(
          "[[\"function\"]],\"Metrics\":[{\"Name\":\"ColdStart\",\"Unit\":\"Count\"}]}]},"
              + "\"function\":\"test\",\"ColdStart\":1}\n",
          printed.text().replaceFirst(".*?\"Dimensions\":", ""));
    }
  }
}
