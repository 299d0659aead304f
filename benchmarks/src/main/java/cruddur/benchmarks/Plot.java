package cruddur.benchmarks;

import java.util.Locale;

/** A chart as SVG: for each contender a bar up to its median, and a line between its quartiles. */
final class Plot {
  private static final int WIDTH = 760;
  private static final int LABELS = 190;
  private static final int NUMBERS = 130;
  private static final int ROW = 26;
  private static final int TOP = 40;

  private Plot() {}

  static String of(Chart chart) {
    var height = TOP + ROW * chart.series().size() + 10;
    var longest =
        chart.series().stream().mapToDouble(series -> series.quantile(0.75)).max().orElse(1);
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" \
        font-family="sans-serif" font-size="13" role="img">
        <title>%3$s</title>
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        <text x="10" y="22" font-weight="bold" fill="#222222">%3$s, %4$s (median, quartiles, ratio)</text>
        """
            .formatted(WIDTH, height, escaped(chart.title()), escaped(chart.unit())));
    var y = TOP;
    for (var series : chart.series()) {
      svg.append(row(chart, series, y, (WIDTH - LABELS - NUMBERS) / longest));
      y += ROW;
    }
    return svg.append("</svg>\n").toString();
  }

  private static String row(Chart chart, Series series, int y, double scale) {
    var isBaseline = series.equals(chart.baseline());
    var middle = y + ROW / 2 - 2;
    var end = LABELS + series.quantile(0.75) * scale;
    return String.format(
        Locale.ROOT,
        """
        <text x="%1$d" y="%2$d" text-anchor="end" fill="#222222">%3$s</text>
        <rect x="%4$d" y="%5$d" width="%6$.1f" height="%7$d" fill="%8$s"/>
        <path d="M%9$.1f %10$d H%11$.1f" stroke="#222222" stroke-width="1.5"/>
        <text x="%12$.1f" y="%2$d" fill="#222222">%13$s</text>
        """,
        LABELS - 8,
        middle + 4,
        escaped(series.name()),
        LABELS,
        y,
        series.median() * scale,
        ROW - 6,
        isBaseline ? "#b8bec6" : "#4c9f70",
        LABELS + series.quantile(0.25) * scale,
        middle,
        end,
        end + 6,
        Tables.number(series.median())
            + (isBaseline ? "" : "  × " + Tables.number(chart.ratio(series))));
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
