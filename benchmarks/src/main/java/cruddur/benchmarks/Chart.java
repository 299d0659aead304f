package cruddur.benchmarks;

import java.util.List;

/**
 * One quantity of several contenders.
 *
 * @param id letters and hyphens, the name of its plot
 * @param unit of the values; the less, the better
 * @param series the first is the baseline that the others are held against
 */
record Chart(String id, String title, String unit, List<Series> series) {
  Chart {
    series = List.copyOf(series);
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
