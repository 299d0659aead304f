package cruddur.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Calls of one environment after a warm-up, compared with a bare loop over the same statement. Each
 * process has the share of a core that Lambda gives the memory size. The contenders take turns, a
 * block of calls each, on one database. A run's measurement is the median of its block.
 */
final class WarmPath {
  /** Calls before the first measurement. */
  static final int WARM_UP = 1_000;

  private static final int BLOCK = 100;

  /** Calls of a block of a contender with a limit for its 99th percentile. */
  private static final int LONG_BLOCK = 1_000;

  /** Two calls begin in each period of 20 ms; the share suffices for both. */
  private static final Duration PACE = Duration.ofMillis(10);

  /** Calls without a pause, to measure the calls a second. */
  private static final int UNPACED = 500;

  private static final String GARBAGE = "-Xlog:gc+heap=info";

  /** A collection in the serial collector's log. */
  private static final Pattern YOUNG = Pattern.compile("DefNew: (\\d+)K\\([^)]*\\)->(\\d+)K");

  private static final String BARE = "bare pgjdbc loop";
  private static final String FUNCTION = "function";
  private static final String EMPTY = "empty handler";
  private static final String CREATE = "activities/create.sql";
  private static final String FEED = "activities/home.sql";

  private final Bundle bundle;
  private final int memoryMebibytes;

  /**
   * Makes the benchmark.
   *
   * @param memoryMebibytes the memory size whose share of a core each process gets, MiB
   */
  WarmPath(Bundle bundle, int memoryMebibytes) {
    this.bundle = bundle;
    this.memoryMebibytes = memoryMebibytes;
  }

  /** A process in its own group. */
  private record Contender(String name, Caller caller, ProcessorShare share, int block)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      caller.close();
      share.close();
    }
  }

  /**
   * The measurements of a contender, each list in the order of the runs.
   *
   * @param all the milliseconds of every paced call
   * @param processor milliseconds of processor time for each paced call
   * @param sustained calls a second without a pause
   */
  private record Measured(
      List<Double> medians, List<Double> all, List<Double> processor, List<Double> sustained) {
    Measured() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void add(Contender contender) throws IOException {
      var before = contender.share().used();
      var block = contender.caller().run(contender.block(), PACE);
      var used = contender.share().used().minus(before);
      medians.add(Series.median(block));
      all.addAll(block);
      processor.add(used.toNanos() / 1e6 / contender.block());
      var begin = System.nanoTime();
      contender.caller().run(UNPACED, Duration.ZERO);
      sustained.add(UNPACED / ((System.nanoTime() - begin) / 1e9));
    }
  }

  /** Measures a number of blocks of each contender. */
  Findings run(int runs) throws IOException, SQLException {
    bundle.fillFeed();
    var create = measure("create", runs, createContenders());
    var feed = measure("feed", runs, feedContenders());
    var medians = Chart.of("warm-create", "Warm create", "ms", create, Measured::medians);
    var slowest = Chart.of("warm-create-p99", "99th percentile", "ms", create, WarmPath::p99);
    var sustained =
        Chart.of("warm-sustained", "Calls a second", "1/s", create, Measured::sustained);
    var feeds = Chart.of("warm-feed", "Warm feed", "ms", feed, Measured::medians);
    var charts =
        List.of(
            medians,
            slowest,
            Chart.of("warm-processor", "Processor time a call", "ms", create, Measured::processor),
            sustained,
            feeds,
            garbage());
    var all = Chart.of("warm-all", "All calls", "ms", create, Measured::all);
    var ratio = medians.of(FUNCTION).medianRatio(medians.baseline());
    var limits =
        List.of(
            Limit.ratio("Warm create: function / " + BARE, ratio, 1.5),
            Limit.ratio(
                "Warm feed: function / " + BARE,
                feeds.of(FUNCTION).medianRatio(feeds.baseline()),
                1.5),
            Limit.ratio(
                "Warm create: 99th percentile / median of all calls",
                slowest.of(FUNCTION).median() / all.of(FUNCTION).median(),
                4));
    var summary =
        "- **Later calls**, %s MiB: %s ms, %s × the time of its statement alone by JDBC. One process of the function serves %s posts a second."
            .formatted(
                Tables.number(memoryMebibytes),
                Tables.number(medians.of(FUNCTION).median()),
                Tables.number(ratio),
                Tables.number(sustained.of(FUNCTION).median()));
    return new Findings("warm", List.of(summary), charts, List.of(), limits, notes(medians));
  }

  private static List<Double> p99(Measured measured) {
    return List.of(new Series("", measured.all()).quantile(0.99));
  }

  private List<Contender> createContenders() throws IOException {
    var contenders = new ArrayList<Contender>();
    contenders.add(bare(CREATE, LONG_BLOCK));
    contenders.add(
        function(
            FUNCTION,
            bundle.snapStart("CreateActivityFunction"),
            bundle.creates(),
            FunctionProcess.OK,
            LONG_BLOCK));
    contenders.add(function(EMPTY, bundle.emptySnapStart(""), bundle.creates(), "", BLOCK));
    for (var peer : Peer.installed(bundle.root())) {
      contenders.add(
          function(peer.name(), peer.starter(bundle), bundle.creates(), FunctionProcess.OK, BLOCK));
    }
    return contenders;
  }

  private List<Contender> feedContenders() throws IOException {
    var sample = List.of(bundle.event("home-activities.json"));
    return List.of(
        bare(FEED, BLOCK),
        function(
            FUNCTION,
            bundle.snapStart("HomeActivitiesFunction"),
            sample,
            FunctionProcess.OK,
            BLOCK));
  }

  private Contender bare(String file, int block) throws IOException {
    var share = ProcessorShare.create();
    return new Contender(BARE, new BareLoopProcess(bundle.bareLoop(file), share), share, block);
  }

  private static Contender function(
      String name, FunctionProcess.Starter starter, List<byte[]> events, String expected, int block)
      throws IOException {
    var share = ProcessorShare.create();
    var process = new FunctionProcess(starter, share);
    if (process.isAtCheckpoint()) {
      process.restore();
    }
    process.waitBusily();
    return new Contender(name, process.caller(events, expected), share, block);
  }

  private Map<String, Measured> measure(String name, int runs, List<Contender> contenders)
      throws IOException {
    var measured = new LinkedHashMap<String, Measured>();
    var progress = new Progress("warm " + name, (runs + 1) * contenders.size());
    try {
      for (var contender : contenders) {
        contender.share().limit(memoryMebibytes);
        contender.caller().run(WARM_UP, PACE);
        progress.step(contender.name());
      }
      for (var run = 0; run < runs; run++) {
        for (var contender : contenders) {
          measured.computeIfAbsent(contender.name(), _ -> new Measured()).add(contender);
          progress.step(contender.name());
        }
      }
    } finally {
      for (var contender : contenders) {
        contender.close();
      }
    }
    return measured;
  }

  private Chart garbage() throws IOException {
    return new Chart(
        "warm-garbage",
        "Garbage of a call, including the runtime client's",
        "kB",
        List.of(
            garbage(EMPTY, bundle.emptySnapStart(GARBAGE), bundle.creates(), ""),
            garbage(
                "create",
                bundle.snapStart("CreateActivityFunction", GARBAGE),
                bundle.creates(),
                FunctionProcess.OK),
            garbage(
                "feed",
                bundle.snapStart("HomeActivitiesFunction", GARBAGE),
                List.of(bundle.event("home-activities.json")),
                FunctionProcess.OK)));
  }

  private static Series garbage(
      String name, FunctionProcess.Starter starter, List<byte[]> events, String expected)
      throws IOException {
    try (var process = new FunctionProcess(starter)) {
      process.restore();
      var caller = process.caller(events, expected);
      caller.run(WARM_UP, Duration.ZERO);
      var before = allocatedKilobytes(process.log());
      caller.run(WARM_UP, Duration.ZERO);
      return new Series(name, List.of((allocatedKilobytes(process.log()) - before) / WARM_UP));
    }
  }

  /** The kilobytes that a JVM with {@link #GARBAGE} allocated up to its last collection. */
  static double allocatedKilobytes(String log) {
    var allocated = 0L;
    var left = 0L;
    var collections = YOUNG.matcher(log);
    while (collections.find()) {
      allocated += Long.parseLong(collections.group(1)) - left;
      left = Long.parseLong(collections.group(2));
    }
    return allocated;
  }

  private List<String> notes(Chart medians) {
    return List.of(
        String.format(
            "For a create, bare loop and empty handler together take %.2f × the time of the bare"
                + " loop.",
            1 + medians.ratio(medians.of(EMPTY))),
        String.format(
            "Each process has %.2f of a core, the share at %,d MiB. Calls start every %d ms, for"
                + " which the share suffices. Each process first serves %,d calls as a warm-up. The"
                + " functions are restored and primed.",
            ProcessorShare.of(memoryMebibytes), memoryMebibytes, PACE.toMillis(), WARM_UP),
        String.format(
            "A function's call is timed from the event to the response, at the Runtime API; the"
                + " bare loop's from preparing the statement to reading its row. Both sleep between"
                + " calls and use one database, TLS and JVMs with the same flags. They take turns"
                + " in blocks of %,d calls, the others and the feed in blocks of %d.",
            LONG_BLOCK, BLOCK),
        "The measuring thread does not sleep during a call, but waits busily. Otherwise its waking"
            + " would add 0.04 to 0.17 ms to a function's call, but not to the bare loop's.",
        String.format(
            "Calls a second are measured over %d calls without a pause. Garbage is measured once"
                + " over %,d calls, in whole collections: plus or minus 2.2 kB.",
            UNPACED, WARM_UP));
  }
}
