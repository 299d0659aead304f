package cruddur.benchmarks;

import cruddur.database.Database;
import cruddur.database.Sql;
import cruddur.database.UuidV7;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Sweeps a copy of a table as SweepActivities does, while somebody posts. */
final class Sweeping {
  /** Steps of progress that it takes. */
  static final int STEPS = 2;

  /** What is posted meanwhile. */
  static final String MESSAGE = "posted";

  /** As SweepActivities has it. */
  private static final int BATCH = 1000;

  /** Posts whose median is one value. */
  private static final int POSTS = 50;

  private static final int QUIET_ROUNDS = 12;
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final Sql SWEEP = Sql.load("activities/sweep.sql");
  private static final Sql CREATE = Sql.load("activities/create.sql");

  private final FilledTable table;
  private final Lives lives;
  private final Progress progress;
  private final List<Double> quiet = new ArrayList<>();
  private final List<Double> meanwhile = new ArrayList<>();

  Sweeping(FilledTable table, Lives lives, Progress progress) {
    this.table = table;
    this.lives = lives;
    this.progress = progress;
  }

  /** The batches of a sweep. */
  record Swept(long rows, List<Double> milliseconds) {}

  /** Copies the table and sweeps the copy; tells how that went. */
  String run() throws IOException {
    table.copy();
    progress.step(lives.title + ", copied");
    var posts = table.openCopy();
    for (var round = 0; round <= QUIET_ROUNDS; round++) {
      quiet.add(post(posts));
    }
    quiet.removeFirst();
    var sweeper = table.openCopyToSweep();
    var sweep = CompletableFuture.supplyAsync(() -> sweep(sweeper));
    do {
      meanwhile.add(post(posts));
    } while (!sweep.isDone());
    progress.step(lives.title + ", swept");
    table.tidyCopy();
    return describe(sweep);
  }

  private String describe(CompletableFuture<Swept> sweep) throws IOException {
    try {
      var swept = sweep.join();
      var batches = new Series("batches", swept.milliseconds());
      var seconds = swept.milliseconds().stream().mapToDouble(Double::doubleValue).sum() / 1000;
      return String.format(
          Locale.ROOT,
          "The sweep of the largest table (%s), while somebody posts: %,d activities in %,d batches"
              + " of at most %,d, %,.0f activities a second, a batch %.1f ms at the median and %.1f"
              + " at the 99th percentile.",
          lives.title,
          swept.rows(),
          swept.milliseconds().size(),
          BATCH,
          swept.rows() / seconds,
          batches.median(),
          batches.quantile(0.99));
    } catch (CompletionException failure) {
      throw new IOException("the sweep failed", failure);
    }
  }

  /** A post without and with a sweep at the same time. */
  Chart posts() {
    return new Chart(
        "feed-" + lives.name().toLowerCase(Locale.ROOT) + "-post",
        "A post while the largest table is swept, " + lives.title,
        "ms",
        List.of(new Series("no sweep", quiet), new Series("during a sweep", meanwhile)));
  }

  /** Sweeps as SweepActivities does, until nothing is left. */
  static Swept sweep(Database database) {
    var milliseconds = new ArrayList<Double>();
    var rows = 0L;
    long last;
    do {
      var begin = System.nanoTime();
      var row = database.run(SWEEP.query().bind("limit", BATCH), TIME);
      milliseconds.add((System.nanoTime() - begin) / 1e6);
      last = Long.parseLong(row.column("removed").orElseThrow());
      rows += last;
    } while (last == BATCH);
    return new Swept(rows, milliseconds);
  }

  private static double post(Database database) {
    var milliseconds = new ArrayList<Double>();
    for (var number = 0; number < POSTS; number++) {
      milliseconds.add(postHour(database));
    }
    return new Series("posts", milliseconds).median();
  }

  /**
   * Posts, for an hour, as CreateActivity does, always the same author and without a limit.
   *
   * @return milliseconds
   */
  static double postHour(Database database) {
    var query =
        CREATE
            .query()
            .bind("cognito_user_id", "sub-1")
            // In a window of no length nothing counts but what another connection began later.
            .bind("window", 0)
            .bind("posts", 1_000)
            .bind("uuid", UuidV7.at(Instant.now()))
            .bind("message", MESSAGE)
            .bind("time_to_live", 3600)
            .bind("idempotency_key", null);
    var begin = System.nanoTime();
    var outcome = database.run(query, TIME).column("outcome").orElseThrow();
    if (!outcome.equals("created")) {
      throw new IllegalStateException(outcome);
    }
    return (System.nanoTime() - begin) / 1e6;
  }
}
