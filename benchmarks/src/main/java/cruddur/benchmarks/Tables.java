package cruddur.benchmarks;

import java.util.List;
import java.util.Locale;

/** Results as tables in Markdown. */
final class Tables {
  private Tables() {}

  /** Medians, quartiles and the ratio to the baseline. */
  static String of(Chart chart) {
    var text = new StringBuilder();
    text.append(
        "| %s, %s | median | quartiles | ratio |\n| --- | ---: | ---: | ---: |\n"
            .formatted(chart.title(), chart.unit()));
    for (var series : chart.series()) {
      text.append(
          "| %s | %s | %s to %s | %s |\n"
              .formatted(
                  series.name(),
                  number(series.median()),
                  number(series.quantile(0.25)),
                  number(series.quantile(0.75)),
                  number(chart.ratio(series))));
    }
    return text.toString();
  }

  /** Each limit, and whether it holds. */
  static String of(List<Limit> limits) {
    var text =
        new StringBuilder("| limit | measured | at most | holds |\n| --- | ---: | ---: | --- |\n");
    for (var limit : limits) {
      text.append(
          "| %s | %s | %s | %s |\n"
              .formatted(
                  limit.claim(),
                  (number(limit.measured()) + " " + limit.unit()).strip(),
                  (number(limit.most()) + " " + limit.unit()).strip(),
                  limit.holds() ? "yes" : "**no**"));
    }
    return text.toString();
  }

  /** A number with two decimals below 10, one below 100, and none from 100 on. */
  static String number(double value) {
    var digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
