package cruddur.benchmarks;

import cruddur.database.Database;
import cruddur.database.Row;
import cruddur.database.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The first and the hundredth page of some tables, and of the swept copy of the last one. */
final class FeedPages {
  /** Calls of a contender in each run, whose median counts. */
  private static final int CALLS = 100;

  private static final int PAGE = 20;
  private static final int PAGES_BEFORE = 99;
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final Sql HOME = Sql.load("activities/home.sql");

  private final Lives lives;
  private final List<Feed> feeds = new ArrayList<>();

  FeedPages(Lives lives, List<FilledTable> tables) {
    this.lives = lives;
    tables.forEach(table -> feeds.add(new Feed(name(table.rows()), table.open())));
    var last = tables.getLast();
    feeds.add(new Feed(name(last.rows()) + ", swept", last.openCopy()));
  }

  private static String name(long rows) {
    return rows >= 1_000_000
        ? rows / 1_000_000 + " million"
        : String.format(Locale.ROOT, "%,d", rows);
  }

  private record Feed(String name, Database database) {
    /**
     * A page.
     *
     * @param before as in the statement
     */
    Row page(@Nullable String before, int limit) {
      return database.run(HOME.query().bind("before", before).bind("limit", limit), TIME);
    }

    /** The last activity of some pages together. */
    String last(int pages, int limit) {
      return page(null, pages * limit).column("next").orElseThrow();
    }
  }

  private record Contender(
      Feed feed, @Nullable String before, int limit, List<Double> calls, List<Double> medians) {
    Contender(Feed feed, @Nullable String before, int limit) {
      this(feed, before, limit, new ArrayList<>(), new ArrayList<>());
    }

    void call() {
      var begin = System.nanoTime();
      var row = feed.page(before, limit);
      calls.add((System.nanoTime() - begin) / 1e6);
      if (row.text("activities").equals("[]")) {
        throw new IllegalStateException("an empty page: " + feed.name());
      }
    }

    void endRun() {
      medians.add(new Series(feed.name(), calls).median());
      calls.clear();
    }
  }

  private record Race(String id, String title, List<Contender> contenders) {
    /** Each time another contender begins, so that none is always behind the same one. */
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

  /** Measures, a step of progress each run and one before. */
  List<Chart> measure(int runs, Progress progress) {
    var races = races();
    for (var run = 0; run <= runs; run++) {
      races.forEach(Race::run);
      if (run == 0) {
        // It only filled the caches.
        races.forEach(race -> race.contenders().forEach(contender -> contender.medians().clear()));
      }
      progress.step(lives.title + ", pages");
    }
    return races.stream().map(Race::chart).toList();
  }

  /** The hundredth page of twenty takes more activities than live among a thousand. */
  private List<Race> races() {
    var largeFeeds = feeds.subList(1, feeds.size());
    return List.of(
        race("first", "First page", feeds.stream().map(feed -> new Contender(feed, null, PAGE))),
        race("hundredth-of-one", "Page 100 of one activity each", hundredth(feeds, 1)),
        race("hundredth", "Page 100", hundredth(largeFeeds, PAGE)));
  }

  private static Stream<Contender> hundredth(List<Feed> feeds, int limit) {
    return feeds.stream().map(feed -> new Contender(feed, feed.last(PAGES_BEFORE, limit), limit));
  }

  private Race race(String id, String title, Stream<Contender> contenders) {
    return new Race(
        "feed-" + lives.name().toLowerCase(Locale.ROOT) + "-" + id,
        title + ", " + lives.title,
        contenders.toList());
  }
}
