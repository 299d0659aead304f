package cruddur.local.bundle;

import java.util.Map;

/**
 * A metric of CloudWatch's. Metrics of one name with other dimensions are other metrics (Amazon
 * CloudWatch User Guide, "Metrics concepts").
 */
record Metric(String namespace, String name, Map<String, String> dimensions) {
  Metric {
    dimensions = Map.copyOf(dimensions);
  }

  /** A metric that a function writes to its log. */
  static Metric ofFunction(String name, String function) {
    return new Metric("Cruddur", name, Map.of("function", function));
  }

  /** The function that it is about; empty if it is about none. */
  String function() {
    return dimensions.getOrDefault("function", "");
  }
}
