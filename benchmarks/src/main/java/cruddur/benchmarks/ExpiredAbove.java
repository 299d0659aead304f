package cruddur.benchmarks;

import cruddur.database.Database;
import cruddur.database.Sql;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The first page of four live activities, without and with the expired ones of one author above
 * them: before a sweep, during it and after it.
 */
final class ExpiredAbove {
  private static final int CALLS_AT_ONCE = 2;
  private static final int CALLS = 50;
  private static final double LIMIT = 1.5;
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final Sql HOME = Sql.load("activities/home.sql");

  private static final String FOUR_LIVE =
      """
      insert into activities (uuid, user_uuid, message, created_at, expires_at)
      select uuid_v7(now() - age), users.uuid, 'live', now() - age, now() - age + interval '720 hours'
      from users
      cross join (select number * interval '20 hours' as age from generate_series(1, 4) as number) as crud
      where users.handle = 'user-2'
      """;

  /** An hour's activities of now are then of two hours ago. */
  private static final String EXPIRE =
      """
      update activities
      set
        uuid = cast(
          lpad(to_hex(cast(cast('x' || left(replace(cast(uuid as text), '-', ''), 12) as bit(48)) as bigint) - 7200000), 12, '0')
            || substr(replace(cast(uuid as text), '-', ''), 13)
          as uuid
        ),
        created_at = created_at - interval '2 hours',
        expires_at = expires_at - interval '2 hours'
      where message = '%s'
      """
          .formatted(Sweeping.MESSAGE);

  private final long expired;
  private final Progress progress;
  private double slowest;

  /** The time of a page on both tables, by block of calls, milliseconds. */
  private record Pair(List<Double> without, List<Double> above) {}

  /**
   * Prepares.
   *
   * @param expired activities above the live ones
   */
  ExpiredAbove(long expired) {
    this.expired = expired;
    this.progress = new Progress("feed", FilledTable.parts(expired) + 3);
  }

  /** Fills two tables, sweeps one, and measures the page on both in turn. */
  Findings run(int runs) throws IOException {
    try (var without = FilledTable.empty(4);
        var above = FilledTable.empty(expired)) {
      without.execute(FOUR_LIVE);
      above.execute(FOUR_LIVE);
      post(above);
      above.execute(EXPIRE);
      // Otherwise the rows as they were before would lie dead at the newest end.
      above.execute("vacuum analyze activities");
      var few = without.open();
      var many = above.open();
      var before = pages(few, many, blocks -> blocks < runs);
      progress.step("before the sweep");
      var sweeper = above.openToSweep();
      var sweep = CompletableFuture.supplyAsync(() -> Sweeping.sweep(sweeper));
      var during = pages(few, many, blocks -> blocks == 0 || !sweep.isDone());
      progress.step("during the sweep");
      var swept = sweep.join();
      var after = pages(few, many, blocks -> blocks < runs);
      progress.step("after the sweep");
      return findings(before, during, after, swept);
    }
  }

  /** Posts through the statement of the API, by two connections at once. */
  private void post(FilledTable table) throws IOException {
    table.execute("alter system set synchronous_commit = off");
    table.execute("select pg_reload_conf()");
    var connections = Stream.generate(table::open).limit(CALLS_AT_ONCE).toList();
    for (var left = expired; left > 0; left -= FilledTable.PART) {
      var count = Math.min(left, FilledTable.PART) / CALLS_AT_ONCE;
      connections.parallelStream()
          .forEach(
              connection -> LongStream.range(0, count).forEach(_ -> Sweeping.postHour(connection)));
      progress.step("posting " + expired);
    }
    table.execute("alter system reset synchronous_commit");
    table.execute("select pg_reload_conf()");
  }

  private interface Condition {
    boolean holds(int blocks);
  }

  private Pair pages(Database without, Database above, Condition condition) {
    var pair = new Pair(new ArrayList<>(), new ArrayList<>());
    // The first only fills the caches.
    block(without, above);
    while (condition.holds(pair.above.size())) {
      var block = block(without, above);
      pair.without.add(new Series("", block.without).median());
      pair.above.add(new Series("", block.above).median());
    }
    return pair;
  }

  private Pair block(Database without, Database above) {
    var pair = new Pair(new ArrayList<>(), new ArrayList<>());
    for (var call = 0; call < CALLS; call++) {
      pair.without.add(page(without));
      pair.above.add(page(above));
    }
    slowest = Math.max(slowest, new Series("", pair.above).quantile(1));
    return pair;
  }

  /** A page; what the database does not serve fails the benchmark. */
  private static double page(Database database) {
    var begin = System.nanoTime();
    var row = database.run(HOME.query().bind("before", null).bind("limit", 20), TIME);
    var milliseconds = (System.nanoTime() - begin) / 1e6;
    if (row.text("activities").split("\"live\"", -1).length != 5) {
      throw new IllegalStateException("not four activities: " + row.text("activities"));
    }
    return milliseconds;
  }

  private Findings findings(Pair before, Pair during, Pair after, Sweeping.Swept swept) {
    var limits = new ArrayList<Limit>();
    var charts = new ArrayList<Chart>();
    var names = List.of("before a sweep", "during the sweep", "after the sweep");
    var pairs = List.of(before, during, after);
    for (var phase = 0; phase < pairs.size(); phase++) {
      var without = new Series("without them", pairs.get(phase).without);
      var above = new Series("with them", pairs.get(phase).above);
      charts.add(
          new Chart(
              "feed-expired-above-" + names.get(phase).replace(' ', '-'),
              "First page below what has expired, " + names.get(phase),
              "ms",
              List.of(without, above)));
      limits.add(
          new Limit(
              "First page below what has expired, " + names.get(phase) + ": with / without it",
              above.over(without).median(),
              LIMIT,
              ""));
    }
    var seconds = swept.milliseconds().stream().mapToDouble(Double::doubleValue).sum() / 1000;
    return new Findings(
        "feed",
        List.of(
            String.format(
                Locale.ROOT,
                "below %,d that have expired %s × before the sweep, %s × after it.",
                swept.rows(),
                Tables.number(limits.getFirst().measured()),
                Tables.number(limits.getLast().measured()))),
        charts,
        List.of(),
        limits,
        List.of(
            String.format(
                Locale.ROOT,
                "What has expired: %,d activities of one author, each posted for an hour by the"
                    + " statement of the API, above 4 live ones, then made two hours older by SQL"
                    + " and vacuumed; after that, no vacuum but autovacuum. The sweep removed them"
                    + " in %.0f s. No page failed, the slowest took %.0f ms.",
                swept.rows(),
                seconds,
                slowest)));
  }
}
