package cruddur.benchmarks;

import cruddur.database.Database;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Pages of the feed a second: from a primary, from its streaming standby, and from both at once.
 * Each server has half a core, so that two cores also suffice for the readers.
 */
final class StandbyFeed {
  private static final int ROWS = 100_000;
  private static final int HALF_A_CORE_MEBIBYTES = ProcessorShare.CORE_MEBIBYTES / 2;

  /** Readers of one server, each with a connection. */
  private static final int READERS = 4;

  private static final Duration TURN = Duration.ofSeconds(3);

  /** Readers that read at the same time, and their measurements. */
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
  }

  /** Reads first pages until a time of the monotonic clock, and counts them. */
  private static long pages(Database reader, long end) {
    var count = 0L;
    while (System.nanoTime() - end < 0) {
      Statements.page(reader, null, 20);
      count++;
    }
    return count;
  }

  /** Measures each contender a number of times. */
  Findings run(int runs) throws IOException, SQLException {
    var progress = new Progress("standby", FilledTable.parts(ROWS) + runs);
    // The servers close before their groups, since only an empty group can be removed.
    try (var ofPrimary = ProcessorShare.create();
        var ofStandby = ProcessorShare.create();
        var table = FilledTable.fill(TimesToLive.WEEK, ROWS, progress);
        var standby = table.standby()) {
      ofPrimary.limit(HALF_A_CORE_MEBIBYTES);
      ofStandby.limit(HALF_A_CORE_MEBIBYTES);
      // Each later connection is a process that the server starts, in the same group.
      ofPrimary.take(table.processId());
      ofStandby.take(standby.processId());
      var first = open(table.url(FilledTable.WHOLE, FilledTable.FEED));
      var second = open(standby.url(FilledTable.FEED));
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
    var times = contenders.stream().map(each -> new Series(each.name, each.milliseconds)).toList();
    var rates = contenders.stream().map(each -> new Series(each.name, each.rates)).toList();
    return new Findings(
        "standby",
        List.of(),
        List.of(
            new Chart("feed-standby", "A page of the feed", "ms", times),
            new Chart("feed-standby-rate", "Pages of the feed", "1/s", rates)),
        List.of(),
        List.of(),
        List.of(
            String.format(
                Locale.ROOT,
                "Each server has %d readers. A reader requests the first page of %,d activities"
                    + " again and again, without TLS. A cgroup limits each server to half a core;"
                    + " the readers have the rest of the machine. There are no posts meanwhile.",
                READERS,
                ROWS)));
  }
}
