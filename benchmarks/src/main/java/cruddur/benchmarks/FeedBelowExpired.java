package cruddur.benchmarks;

import cruddur.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The first page of four live activities, without and with newer, expired ones of one author:
 * before a sweep, during it and after it.
 */
final class FeedBelowExpired {
  private static final int CALLS_AT_ONCE = 2;
  private static final int CALLS = 50;
  private static final double LIMIT = 1.5;

  /** The age of the expired activities, whose time to live is an hour. */
  private static final Duration AGE = Duration.ofHours(2);

  private static final String FOUR_LIVE =
      """
      insert into activities (uuid, user_uuid, message, created_at, expires_at)
      select uuid_v7(now() - age), users.uuid, 'live', now() - age, now() - age + interval '720 hours'
      from users
      cross join (select number * interval '20 hours' as age from generate_series(1, 4) as number) as crud
      where users.handle = 'user-2'
      """;

  /** Their keys are already two hours old. */
  private static final String EXPIRE =
      """
      update activities
      set created_at = created_at - interval '2 hours', expires_at = expires_at - interval '2 hours'
      where message = '%s'
      """
          .formatted(Statements.MESSAGE);

  private final long expired;
  private final Progress progress;
  private double slowest;

  /** The milliseconds of a page of both tables; one value for each block of calls. */
  private record Pair(List<Double> without, List<Double> with) {
    Pair() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  /**
   * Makes the measurement.
   *
   * @param expired number of expired activities
   */
  FeedBelowExpired(long expired) {
    this.expired = expired;
    this.progress = new Progress("feed", FilledTable.parts(expired) + 3);
  }

  /** Fills two tables, sweeps one, and measures the page of both in turn. */
  Findings run(int runs) throws SQLException {
    try (var few = FilledTable.empty(4);
        var many = FilledTable.empty(expired)) {
      few.execute(FOUR_LIVE);
      many.execute(FOUR_LIVE);
      post(many);
      many.execute(EXPIRE);
      // Removes the old versions of the changed rows.
      many.execute("vacuum analyze activities");
      var without = few.open(FilledTable.WHOLE, Bundle.ROLE);
      var with = many.open(FilledTable.WHOLE, Bundle.ROLE);
      var before = pages(without, with, blocks -> blocks < runs);
      progress.step("before the sweep");
      var sweeper = many.open(FilledTable.WHOLE, FilledTable.SWEEPER);
      var sweep = CompletableFuture.supplyAsync(() -> Statements.sweep(sweeper));
      var during = pages(without, with, blocks -> blocks == 0 || !sweep.isDone());
      progress.step("during the sweep");
      var swept = sweep.join();
      var after = pages(without, with, blocks -> blocks < runs);
      progress.step("after the sweep");
      return findings(List.of(before, during, after), swept);
    }
  }

  /** Posts through the statement of the API, by two connections at once. */
  private void post(FilledTable table) throws SQLException {
    table.execute("alter role " + Bundle.ROLE + " set synchronous_commit = off");
    var connections =
        Stream.generate(() -> table.open(FilledTable.WHOLE, Bundle.ROLE))
            .limit(CALLS_AT_ONCE)
            .toList();
    for (var left = expired; left > 0; left -= FilledTable.PART) {
      var count = Math.min(left, FilledTable.PART) / CALLS_AT_ONCE;
      connections.parallelStream()
          .forEach(
              connection ->
                  LongStream.range(0, count).forEach(_ -> Statements.post(connection, AGE)));
      progress.step("posting " + expired);
    }
    table.execute("alter role " + Bundle.ROLE + " reset synchronous_commit");
  }

  private Pair pages(Database without, Database with, IntPredicate goesOn) {
    var medians = new Pair();
    // The first block only fills the caches.
    block(without, with);
    while (goesOn.test(medians.with.size())) {
      var block = block(without, with);
      medians.without.add(Series.median(block.without));
      medians.with.add(Series.median(block.with));
    }
    return medians;
  }

  private Pair block(Database without, Database with) {
    var block = new Pair();
    for (var call = 0; call < CALLS; call++) {
      block.without.add(page(without));
      block.with.add(page(with));
    }
    slowest = Math.max(slowest, new Series("", block.with).quantile(1));
    return block;
  }

  /** The milliseconds of a page with the four live activities; any other page throws. */
  private static double page(Database database) {
    var begin = System.nanoTime();
    var row = Statements.page(database, null, 20);
    var milliseconds = (System.nanoTime() - begin) / 1e6;
    if (row.text("activities").split("\"live\"", -1).length != 5) {
      throw new IllegalStateException("not four activities: " + row.text("activities"));
    }
    return milliseconds;
  }

  private Findings findings(List<Pair> pairs, Statements.Swept swept) {
    var limits = new ArrayList<Limit>();
    var charts = new ArrayList<Chart>();
    var times = List.of("before the sweep", "during the sweep", "after the sweep").iterator();
    for (var pair : pairs) {
      var time = times.next();
      var without = new Series("without expired activities", pair.without);
      var with = new Series("with expired activities", pair.with);
      charts.add(
          new Chart(
              "feed-expired-" + time.replace(' ', '-'),
              "First page of 4 live activities, " + time,
              "ms",
              List.of(without, with)));
      limits.add(
          Limit.ratio(
              "First page, with / without expired activities, " + time,
              with.medianRatio(without),
              LIMIT));
    }
    return new Findings(
        "feed",
        List.of(
            String.format(
                Locale.ROOT,
                "With %,d newer, expired activities, it takes %s × as long before the sweep, and"
                    + " %s × after it.",
                swept.activities(),
                Tables.number(limits.getFirst().measured()),
                Tables.number(limits.getLast().measured()))),
        charts,
        List.of(),
        limits,
        List.of(
            String.format(
                Locale.ROOT,
                "The %,d expired activities are of one author and newer than the 4 live ones. The"
                    + " API's statement posted them with a time to live of an hour. SQL then made"
                    + " them two hours older, and the table was vacuumed once; later only"
                    + " autovacuum ran. The sweep deleted them in %.0f s. No page failed; the"
                    + " slowest took %.0f ms.",
                swept.activities(),
                swept.seconds(),
                slowest)));
  }
}
