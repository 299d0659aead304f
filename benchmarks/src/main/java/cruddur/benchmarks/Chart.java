package cruddur.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One quantity of several contenders.
 *
 * @param id the file name of its plot, without the ending
 * @param series the first is the baseline of the others
 */
record Chart(String id, String title, String unit, List<Series> series) {
  Chart {
    series = List.copyOf(series);
  }

  /** A chart of one quantity, from the measurements of each contender. */
  static <T> Chart of(
      String id,
      String title,
      String unit,
      Map<String, T> contenders,
      Function<T, List<Double>> quantity) {
    var series = new ArrayList<Series>();
    contenders.forEach((name, its) -> series.add(new Series(name, quantity.apply(its))));
    return new Chart(id, title, unit, series);
  }

  Series baseline() {
    return series.getFirst();
  }

  /** The ratio to the baseline: that of the two medians. */
  double ratio(Series series) {
    return series.median() / baseline().median();
  }

  /**
   * The series of a contender.
   *
   * @throws IllegalArgumentException if there is none
   */
  Series of(String name) {
    return series.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(title + " has no " + name));
  }
}
