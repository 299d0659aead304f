package cruddur.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * The measurements of one contender.
 *
 * @param name of the contender
 * @param values in the order of the runs, at least one
 */
record Series(String name, List<Double> values) {
  Series {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(name + " has no measurements");
    }
    values = List.copyOf(values);
  }

  /** The median of some measurements. */
  static double median(List<Double> values) {
    return new Series("", values).median();
  }

  /** The median of the runs' ratios: each value is divided by the other's of the same run. */
  double medianRatio(Series other) {
    var ratios = new ArrayList<Double>();
    for (var run = 0; run < values.size(); run++) {
      ratios.add(values.get(run) / other.values.get(run));
    }
    return median(ratios);
  }

  double median() {
    return quantile(0.5);
  }

  /**
   * A quantile, interpolated between the two nearest values.
   *
   * @param fraction from 0, the smallest value, to 1, the largest
   */
  double quantile(double fraction) {
    var sorted = values.stream().sorted().toList();
    var position = fraction * (sorted.size() - 1);
    var below = (int) position;
    var above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (position - below) * (sorted.get(above) - sorted.get(below));
  }
}
