package cruddur.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * The feed on tables of 1 thousand to 10 million activities, of which 90 % have expired, and on the
 * largest after a sweep: all tables at once, a call of each in turn.
 */
final class FeedScale implements Benchmark {
  /** Enough for a hundred pages of twenty when 90 % have expired. */
  static final int LEAST_ROWS = 100_000;

  static final int MOST_ROWS = 10_000_000;

  /**
   * Of 1,000 a hundred live: the hundredth page of one would be the last, and would not look up the
   * next one as the other tables' does.
   */
  private static final long SMALLEST = 1_010;

  private static final long[] SIZES = {SMALLEST, LEAST_ROWS, 1_000_000, MOST_ROWS};
  private static final double LIMIT = 1.15;

  private final long mostRows;

  /** Measures tables up to a number of rows. */
  FeedScale(long mostRows) {
    this.mostRows = mostRows;
  }

  @Override
  public Findings run(int runs) throws IOException {
    var charts = new ArrayList<Chart>();
    var limits = new ArrayList<Limit>();
    var notes = new ArrayList<String>();
    notes.add(
        "Every table: 90 % of its activities have expired; 1,000 users; all in one run. The"
            + " smallest has 1,010 activities: of 1,000, page 100 of one would have no next page to"
            + " look up; page 100 of twenty takes 2,000 live ones, so its smallest table has"
            + " 100,000. A page, or a post, is one run of the statement by the functions' own"
            + " Database, in the benchmark's process and without TLS.");
    for (var lives : Lives.values()) {
      notes.add(measure(lives, runs, charts, limits));
    }
    var first = charts.getFirst();
    var largest = first.series().getLast();
    var above = new ExpiredAbove(mostRows * 3 / 10).run(runs);
    charts.addAll(above.charts());
    limits.addAll(above.limits());
    notes.addAll(above.notes());
    var summary =
        String.format(
            Locale.ROOT,
            "- **A page of the feed** from %,d activities: %s × what it takes from %s; %s",
            mostRows,
            Tables.number(largest.median() / first.baseline().median()),
            first.baseline().name(),
            above.summary().getFirst());
    return new Findings("feed", List.of(summary), charts, List.of(), limits, notes);
  }

  private String measure(Lives lives, int runs, List<Chart> charts, List<Limit> limits)
      throws IOException {
    var sizes = LongStream.of(SIZES).filter(size -> size <= mostRows).toArray();
    var parts = LongStream.of(sizes).mapToInt(FilledTable::parts).sum();
    var progress = new Progress("feed", parts + Sweeping.STEPS + runs + 1);
    var tables = new ArrayList<FilledTable>();
    try {
      for (var size : sizes) {
        tables.add(FilledTable.fill(lives, size, progress));
      }
      var sweeping = new Sweeping(tables.getLast(), lives, progress);
      var note = sweeping.run();
      for (var chart : new FeedPages(lives, tables).measure(runs, progress)) {
        charts.add(chart);
        limits.addAll(limits(chart));
      }
      charts.add(sweeping.posts());
      return note;
    } finally {
      tables.forEach(FilledTable::close);
    }
  }

  /** The largest table, as it is and swept, against the smallest. */
  private static List<Limit> limits(Chart chart) {
    var baseline = chart.baseline();
    return chart.series().reversed().stream()
        .limit(2)
        .filter(series -> !series.equals(baseline))
        .map(
            series ->
                new Limit(
                    "%s, %s / %s".formatted(chart.title(), series.name(), baseline.name()),
                    series.median() / baseline.median(),
                    LIMIT,
                    ""))
        .toList();
  }
}
