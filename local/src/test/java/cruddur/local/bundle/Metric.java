package cruddur.local.bundle;

import java.util.Map;

/**
 * A CloudWatch metric. The same name with other dimensions is another metric (Amazon CloudWatch
 * User Guide, "Metrics concepts").
 */
record Metric(String namespace, String name, Map<String, String> dimensions) {
  Metric {
    dimensions = Map.copyOf(dimensions);
  }

  /** A metric that a function writes to its log. */
  static Metric ofFunction(String name, String function) {
    return new Metric("Cruddur", name, Map.of("function", function));
  }

  /** The value of the dimension {@code function}; empty if there is none. */
  String function() {
    return dimensions.getOrDefault("function", "");
  }
}
