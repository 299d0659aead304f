package cruddur.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What was measured of one contender.
 *
 * @param name of the contender
 * @param values in the order of the runs, at least one
 */
record Series(String name, List<Double> values) {
  Series {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured of " + name);
    }
    values = List.copyOf(values);
  }

  /** This one's values, each divided by the other's of the same run. */
  Series over(Series other) {
    var ratios = new ArrayList<Double>();
    for (var run = 0; run < values.size(); run++) {
      ratios.add(values.get(run) / other.values.get(run));
    }
    return new Series(name + " / " + other.name, ratios);
  }

  double median() {
    return quantile(0.5);
  }

  /** The value below which that share of all lies, between neighbours in proportion. */
  double quantile(double share) {
    var sorted = values.stream().sorted().toList();
    var position = share * (sorted.size() - 1);
    var below = (int) position;
    var above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (position - below) * (sorted.get(above) - sorted.get(below));
  }
}
