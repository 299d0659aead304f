package cruddur.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * The feed on tables of 1 thousand to 10 million activities, of which 90 % have expired, and on the
 * largest after a sweep. All tables exist at once, and their calls take turns.
 */
final class FeedScale {
  /** Has enough live activities for a hundred pages of twenty. */
  static final int LEAST_ROWS = 100_000;

  static final int MOST_ROWS = 10_000_000;

  /** Has 101 live activities, so that a hundredth page of one activity has a next page. */
  private static final long SMALLEST = 1_010;

  private static final long[] SIZES = {SMALLEST, LEAST_ROWS, 1_000_000, MOST_ROWS};
  private static final double LIMIT = 1.15;

  private final long mostRows;

  /** Measures tables up to a number of rows. */
  FeedScale(long mostRows) {
    this.mostRows = mostRows;
  }

  /** Measures each page a number of times. */
  Findings run(int runs) throws IOException, SQLException {
    var charts = new ArrayList<Chart>();
    var limits = new ArrayList<Limit>();
    var notes = new ArrayList<String>();
    notes.add(
        "In every table, 90 % of the activities have expired. The authors are 1,000 users. All"
            + " tables are measured in one run. Page 100 with 20 activities a page needs 2,000 live"
            + " activities, so its smallest table has 100,000. A page or a post is one run of its"
            + " statement by the functions' own Database, in the benchmark's process, without"
            + " TLS.");
    for (var times : TimesToLive.values()) {
      notes.add(measure(times, runs, charts, limits));
    }
    var first = charts.getFirst();
    // The last series is the largest table after its sweep.
    var largest = first.series().get(first.series().size() - 2);
    var below = new FeedBelowExpired(mostRows * 3 / 10).run(runs);
    charts.addAll(below.charts());
    limits.addAll(below.limits());
    notes.addAll(below.notes());
    var summary =
        String.format(
            Locale.ROOT,
            "- **The first page of the feed** with %,d activities in the table: %s × the time of"
                + " a table with %s. %s",
            mostRows,
            Tables.number(first.ratio(largest)),
            first.baseline().name(),
            below.summary().getFirst());
    return new Findings("feed", List.of(summary), charts, List.of(), limits, notes);
  }

  private String measure(TimesToLive times, int runs, List<Chart> charts, List<Limit> limits)
      throws IOException, SQLException {
    var sizes = LongStream.of(SIZES).filter(size -> size <= mostRows).toArray();
    var parts = LongStream.of(sizes).mapToInt(FilledTable::parts).sum();
    var progress = new Progress("feed", parts + PostsDuringSweep.STEPS + runs + 1);
    var tables = new ArrayList<FilledTable>();
    try {
      for (var size : sizes) {
        tables.add(FilledTable.fill(times, size, progress));
      }
      var posts = new PostsDuringSweep(tables.getLast(), times, progress);
      var note = posts.run();
      for (var chart : new FeedPages(times, tables).measure(runs, progress)) {
        charts.add(chart);
        limits.addAll(limits(chart));
      }
      charts.add(posts.chart());
      return note;
    } finally {
      tables.forEach(FilledTable::close);
    }
  }

  /** Two limits: for the largest table, swept and not swept. */
  private static List<Limit> limits(Chart chart) {
    var baseline = chart.baseline();
    return chart.series().reversed().stream()
        .limit(2)
        .filter(series -> !series.equals(baseline))
        .map(
            series ->
                Limit.ratio(
                    "%s, %s / %s".formatted(chart.title(), series.name(), baseline.name()),
                    chart.ratio(series),
                    LIMIT))
        .toList();
  }
}
