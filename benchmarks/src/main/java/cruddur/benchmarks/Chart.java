package cruddur.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One quantity of several contenders.
 *
 * @param id letters and hyphens, the name of its plot
 * @param unit of the values; the less, the better
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

  /**
   * The series of a contender.
   *
   * @throws IllegalArgumentException if it did not take part
   */
  Series of(String name) {
    return series.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(title + " has no " + name));
  }

  boolean has(String name) {
    return series.stream().anyMatch(each -> each.name().equals(name));
  }
}
