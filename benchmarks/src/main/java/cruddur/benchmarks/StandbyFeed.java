package cruddur.benchmarks;

import cruddur.database.Database;
import cruddur.database.Sql;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Pages of the feed a second: from a primary, from its streaming standby, and from both at once.
 * Each server has half a core, so that on this machine, too, two servers have more than one.
 */
final class StandbyFeed implements Benchmark {
  private static final int ROWS = 100_000;
  private static final int HALF_A_CORE_MEBIBYTES = ProcessorShare.CORE_MEBIBYTES / 2;

  /** Readers of one server, each with a connection. */
  private static final int READERS = 4;

  private static final Duration TURN = Duration.ofSeconds(3);
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final Sql HOME = Sql.load("activities/home.sql");

  /** Readers that read at the same time, and what was measured of them. */
  private record Contender(
      String name, List<Database> readers, List<Double> milliseconds, List<Double> rates) {
    Contender(String name, List<Database> readers) {
      this(name, readers, new ArrayList<>(), new ArrayList<>());
    }

    void takeTurn() {
      var end = System.nanoTime() + TURN.toNanos();
      var counts =
          readers.stream()
              .map(
                  reader ->
                      CompletableFuture.supplyAsync(
                          () -> pages(reader, end), Thread::startVirtualThread))
              .toList();
      var pages = counts.stream().mapToLong(CompletableFuture::join).sum();
      rates.add(pages / (double) TURN.toSeconds());
      milliseconds.add(TURN.toMillis() * readers.size() / (double) pages);
    }

    String row(Contender first) {
      var series = new Series(name, rates);
      return "| %s | %,.0f | %,.0f to %,.0f | %s |\n"
          .formatted(
              name,
              series.median(),
              series.quantile(0.25),
              series.quantile(0.75),
              Tables.number(series.over(new Series("", first.rates)).median()));
    }
  }

  /** Reads first pages until a time of the monotonic clock; what fails, fails the benchmark. */
  private static long pages(Database reader, long end) {
    var count = 0L;
    while (System.nanoTime() - end < 0) {
      reader.run(HOME.query().bind("before", null).bind("limit", 20), TIME);
      count++;
    }
    return count;
  }

  @Override
  public Findings run(int runs) throws IOException {
    var progress = new Progress("standby", FilledTable.parts(ROWS) + runs);
    // A group can be removed when its processes have ended, so the servers close first.
    try (var ofPrimary = ProcessorShare.create();
        var ofStandby = ProcessorShare.create();
        var table = FilledTable.fill(Lives.WEEK, ROWS, progress);
        var standby = table.standby()) {
      ofPrimary.limit(HALF_A_CORE_MEBIBYTES);
      ofStandby.limit(HALF_A_CORE_MEBIBYTES);
      // Each connection is a process that the server starts from then on.
      ofPrimary.take(table.processId());
      ofStandby.take(standby.processId());
      var first = open(table.url());
      var second = open(standby.url(FilledTable.FEED_ROLE));
      var contenders =
          List.of(
              new Contender("primary", first),
              new Contender("standby", second),
              new Contender(
                  "primary and standby", Stream.concat(first.stream(), second.stream()).toList()));
      for (var run = 0; run < runs; run++) {
        contenders.forEach(Contender::takeTurn);
        progress.step("reading");
      }
      Stream.concat(first.stream(), second.stream()).forEach(Database::close);
      return findings(contenders);
    }
  }

  private static List<Database> open(String url) {
    return Stream.generate(() -> new Database(url)).limit(READERS).toList();
  }

  private static Findings findings(List<Contender> contenders) {
    var table = new StringBuilder();
    table.append("| pages a second | median | quartiles | ratio |\n| --- | ---: | ---: | ---: |\n");
    contenders.forEach(each -> table.append(each.row(contenders.getFirst())));
    var series =
        contenders.stream().map(each -> new Series(each.name(), each.milliseconds)).toList();
    return new Findings(
        "standby",
        List.of(),
        List.of(new Chart("feed-standby", "A page for each of the readers", "ms", series)),
        List.of(table.toString()),
        List.of(),
        List.of(
            String.format(
                Locale.ROOT,
                "The first page from %,d activities, by %d readers of each server, each again after"
                    + " its answer, without TLS. Each server has half a core by a cgroup,"
                    + " the readers have the rest: the machine has too few cores to give each"
                    + " server a whole one. Nothing is posted meanwhile.",
                ROWS,
                READERS)));
  }
}
