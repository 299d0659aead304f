package cruddur.benchmarks;

import cruddur.database.Database;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The first and the hundredth page of some tables, and of the swept copy of the largest. */
final class FeedPages {
  /** Calls of a measurement, which is their median. */
  private static final int CALLS = 100;

  private static final int LIMIT = 20;
  private static final int PAGES_BEFORE = 99;

  private final TimesToLive times;
  private final List<Feed> feeds = new ArrayList<>();

  FeedPages(TimesToLive times, List<FilledTable> tables) {
    this.times = times;
    tables.forEach(
        table ->
            feeds.add(new Feed(name(table.rows()), table.open(FilledTable.WHOLE, Bundle.ROLE))));
    var largest = tables.getLast();
    feeds.add(
        new Feed(name(largest.rows()) + ", swept", largest.open(FilledTable.COPY, Bundle.ROLE)));
  }

  private static String name(long rows) {
    return rows >= 1_000_000
        ? rows / 1_000_000 + " million"
        : String.format(Locale.ROOT, "%,d", rows);
  }

  private record Feed(String name, Database database) {
    /** A reader of the page after the first 99. */
    Contender hundredth(int limit) {
      var before = Statements.page(database, null, PAGES_BEFORE * limit).text("next");
      return new Contender(this, before, limit);
    }
  }

  private record Contender(
      Feed feed, @Nullable String before, int limit, List<Double> calls, List<Double> medians) {
    Contender(Feed feed, @Nullable String before, int limit) {
      this(feed, before, limit, new ArrayList<>(), new ArrayList<>());
    }

    void call() {
      var begin = System.nanoTime();
      var row = Statements.page(feed.database(), before, limit);
      calls.add((System.nanoTime() - begin) / 1e6);
      if (row.text("activities").equals("[]")) {
        throw new IllegalStateException("an empty page: " + feed.name());
      }
    }

    void endRun() {
      medians.add(Series.median(calls));
      calls.clear();
    }
  }

  private record Race(String id, String title, List<Contender> contenders) {
    /** Each round begins with another contender, so that the order favours none. */
    void run() {
      var order = new ArrayList<>(contenders);
      for (var call = 0; call < CALLS; call++) {
        order.forEach(Contender::call);
        Collections.rotate(order, 1);
      }
      contenders.forEach(Contender::endRun);
    }

    Chart chart() {
      var series =
          contenders.stream()
              .map(contender -> new Series(contender.feed().name(), contender.medians()))
              .toList();
      return new Chart(id, title, "ms", series);
    }
  }

  /** Measures, with a step of progress for each run and one for the warm-up. */
  List<Chart> measure(int runs, Progress progress) {
    var races =
        List.of(
            race(
                "first",
                "First page",
                feeds.stream().map(feed -> new Contender(feed, null, LIMIT))),
            race(
                "hundredth-of-one",
                "Page 100, 1 activity a page",
                feeds.stream().map(feed -> feed.hundredth(1))),
            // The smallest table has too few live activities for a hundred pages of twenty.
            race(
                "hundredth",
                "Page 100, 20 activities a page",
                feeds.stream().skip(1).map(feed -> feed.hundredth(LIMIT))));
    for (var run = 0; run <= runs; run++) {
      races.forEach(Race::run);
      if (run == 0) {
        // The first run only fills the caches.
        races.forEach(race -> race.contenders().forEach(contender -> contender.medians().clear()));
      }
      progress.step(times.title + ", pages");
    }
    return races.stream().map(Race::chart).toList();
  }

  private Race race(String id, String title, Stream<Contender> contenders) {
    return new Race(
        "feed-" + times.name().toLowerCase(Locale.ROOT) + "-" + id,
        title + ", " + times.title,
        contenders.toList());
  }
}
