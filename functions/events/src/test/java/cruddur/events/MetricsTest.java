package cruddur.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
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
}
