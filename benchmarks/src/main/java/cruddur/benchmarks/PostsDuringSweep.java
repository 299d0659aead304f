package cruddur.benchmarks;

import cruddur.database.Database;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Sweeps a copy of a table, and posts to it before and during the sweep. */
final class PostsDuringSweep {
  /** The steps of its progress. */
  static final int STEPS = 2;

  /** Posts of a measurement, which is their median. */
  private static final int POSTS = 50;

  private static final int QUIET_ROUNDS = 12;

  private final FilledTable table;
  private final TimesToLive times;
  private final Progress progress;
  private final List<Double> quiet = new ArrayList<>();
  private final List<Double> during = new ArrayList<>();

  PostsDuringSweep(FilledTable table, TimesToLive times, Progress progress) {
    this.table = table;
    this.times = times;
    this.progress = progress;
  }

  /** Copies the table and sweeps the copy; returns a note on the sweep. */
  String run() throws IOException, SQLException {
    table.copy();
    progress.step(times.title + ", copied");
    var author = table.open(FilledTable.COPY, Bundle.ROLE);
    for (var round = 0; round <= QUIET_ROUNDS; round++) {
      quiet.add(post(author));
    }
    quiet.removeFirst();
    var sweeper = table.open(FilledTable.COPY, FilledTable.SWEEPER);
    var sweep = CompletableFuture.supplyAsync(() -> Statements.sweep(sweeper));
    do {
      during.add(post(author));
    } while (!sweep.isDone());
    progress.step(times.title + ", swept");
    table.tidyCopy();
    try {
      return note(sweep.join());
    } catch (CompletionException failure) {
      throw new IOException("the sweep failed", failure);
    }
  }

  private String note(Statements.Swept swept) {
    var batches = new Series("batches", swept.milliseconds());
    return String.format(
        Locale.ROOT,
        "The sweep of the largest table (%s), with posts at the same time: %,d activities in %,d"
            + " batches of at most %,d. It deleted %,.0f activities a second. A batch took %.1f ms"
            + " at the median and %.1f at the 99th percentile.",
        times.title,
        swept.activities(),
        swept.milliseconds().size(),
        Statements.BATCH,
        swept.activities() / swept.seconds(),
        batches.median(),
        batches.quantile(0.99));
  }

  /** The time of a post, without and with a sweep. */
  Chart chart() {
    return new Chart(
        "feed-" + times.name().toLowerCase(Locale.ROOT) + "-post",
        "A post to the largest table, " + times.title,
        "ms",
        List.of(new Series("no sweep", quiet), new Series("during a sweep", during)));
  }

  private static double post(Database database) {
    return Series.median(
        Stream.generate(() -> Statements.post(database, Duration.ZERO)).limit(POSTS).toList());
  }
}
