package cruddur.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls of one environment that has served some before, beside a bare loop over the same statement,
 * each at the share of a core that Lambda gives the memory size. They take turns by blocks of calls
 * on the same database; a run's value is the median of its block.
 */
final class WarmPath implements Benchmark {
  private static final int WARM_UP = 1_000;

  /** Calls of a block. */
  private static final int BLOCK = 100;

  /** Calls of a block of those whose slowest calls are of interest. */
  private static final int LONG_BLOCK = 1_000;

  /** So that the share suffices: a call has half of what a period of 20 ms gives. */
  private static final Duration PACE = Duration.ofMillis(10);

  /** Calls without a pause, from which the calls a second that the share sustains follow. */
  private static final int UNPACED = 500;

  private static final String GARBAGE = "-Xlog:gc+heap=info";
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

  /** One process in its group. */
  private record Contender(String name, Caller caller, ProcessorShare share, int block)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      caller.close();
      share.close();
    }
  }

  /**
   * The measurements of all runs; each list is in the order of the runs.
   *
   * @param all each call's milliseconds
   * @param processor milliseconds a call, paced
   * @param sustained calls a second, without a pause
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
      medians.add(new Series("", block).median());
      all.addAll(block);
      processor.add(used.toNanos() / 1e6 / contender.block());
      var begin = System.nanoTime();
      contender.caller().run(UNPACED, Duration.ZERO);
      sustained.add(UNPACED / ((System.nanoTime() - begin) / 1e9));
    }
  }

  @Override
  public Findings run(int runs) throws IOException {
    bundle.fillFeed();
    var create = contest("create", runs, createContenders());
    var feed = contest("feed", runs, feedContenders());
    var medians = Chart.of("warm-create", "Warm create", "ms", create, Measured::medians);
    var feeds = Chart.of("warm-feed", "Warm feed", "ms", feed, Measured::medians);
    var slowest = Chart.of("warm-create-p99", "99th percentile", "ms", create, WarmPath::p99);
    var sustained =
        Chart.of("warm-sustained", "Calls a second", "1/s", create, Measured::sustained);
    var charts =
        List.of(
            medians,
            slowest,
            Chart.of("warm-processor", "Processor time a call", "ms", create, Measured::processor),
            sustained,
            feeds,
            garbage());
    var ratio = medians.of(FUNCTION).over(medians.of(BARE)).median();
    var limits =
        List.of(
            new Limit("Warm create: function / " + BARE, ratio, 1.5, ""),
            new Limit(
                "Warm feed: function / " + BARE,
                feeds.of(FUNCTION).over(feeds.of(BARE)).median(),
                1.5,
                ""),
            new Limit(
                "Warm create: 99th percentile / median of all calls",
                slowest.of(FUNCTION).median()
                    / new Series("", measured(create, FUNCTION).all()).median(),
                4,
                ""));
    return new Findings(
        "warm", summary(medians, sustained, ratio), charts, List.of(), limits, notes(medians));
  }

  private static Measured measured(Map<String, Measured> contest, String name) {
    var measured = contest.get(name);
    if (measured == null) {
      throw new IllegalArgumentException(name + " did not take part");
    }
    return measured;
  }

  private static List<Double> p99(Measured measured) {
    return List.of(new Series("", measured.all()).quantile(0.99));
  }

  private List<String> summary(Chart medians, Chart sustained, double ratio) {
    return List.of(
        "- **Later calls**, %s MiB: %s ms, %s × the bare JDBC call; %s posts a second from one environment."
            .formatted(
                Tables.number(memoryMebibytes),
                Tables.number(medians.of(FUNCTION).median()),
                Tables.number(ratio),
                Tables.number(sustained.of(FUNCTION).median())));
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
    contenders.add(function(EMPTY, bundle.empty(""), bundle.creates(), "", BLOCK));
    for (var peer : Peer.all(bundle.root())) {
      contenders.add(
          function(peer.name(), peer.on(bundle), bundle.creates(), FunctionProcess.OK, BLOCK));
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
    return new Contender(name, new FunctionCaller(process, events, expected), share, block);
  }

  private Map<String, Measured> contest(String name, int runs, List<Contender> contenders)
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
        "Garbage of a call, runtime client included",
        "kB",
        List.of(
            garbage(EMPTY, bundle.empty(GARBAGE), bundle.creates(), ""),
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
      for (var call = 0; call < WARM_UP; call++) {
        process.call(events.get(call % events.size()), expected);
      }
      var before = GarbageLog.kilobytes(process.log());
      for (var call = 0; call < WARM_UP; call++) {
        process.call(events.get(call % events.size()), expected);
      }
      return new Series(name, List.of((GarbageLog.kilobytes(process.log()) - before) / WARM_UP));
    }
  }

  private List<String> notes(Chart medians) {
    var bare = medians.of(BARE).median();
    return List.of(
        String.format(
            "The floor of a warm create is the bare loop and the empty handler together, %.2f × the"
                + " bare loop: no function of this runtime can be faster, whatever it does.",
            (bare + medians.of(EMPTY).median()) / bare),
        String.format(
            "Each process has the share of a core that Lambda gives its memory: %.2f of a core at"
                + " %,d MiB. Calls begin every %d ms, so that the share suffices; %,d warm up."
                + " The functions are restored and primed.",
            ProcessorShare.of(memoryMebibytes), memoryMebibytes, PACE.toMillis(), WARM_UP),
        "A function's call lasts from the event's way out of the Runtime API to the answer's"
            + " arrival there; the bare loop's from the preparing of the statement to its row. Both"
            + " are woken for each call, on one database, over TLS, in JVMs with the same flags, by"
            + " blocks of "
            + String.format("%,d", LONG_BLOCK)
            + " calls in turn (the feed and the others: "
            + BLOCK
            + "); the limit is for the median of the runs' ratios.",
        "The clock waits without sleeping during a call, beside the bare loop too. Its waking up"
            + " would be added to a function's call alone: 0.04 to 0.17 ms.",
        "Calls a second: "
            + UNPACED
            + " calls without a pause, as many as the share sustains. Garbage is measured once,"
            + " over 1,000 calls, in whole collections: take it as plus or minus 2.2 kB.");
  }
}
