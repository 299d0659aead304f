package cruddur.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Calls of one environment that has served some before, beside a bare loop over the same statement.
 * They take turns by blocks of calls on the same database; a run's value is the median of its
 * block.
 */
final class WarmPath implements Benchmark {
  private static final int BLOCK = 100;
  private static final int WARM_UP = 1_000;
  private static final String BARE = "bare pgjdbc loop";
  private static final String FUNCTION = "function";
  private static final String CREATE = "activities/create.sql";
  private static final String FEED = "activities/home.sql";

  private final Bundle bundle;

  WarmPath(Bundle bundle) {
    this.bundle = bundle;
  }

  @Override
  public Findings run(int runs) throws IOException {
    bundle.fillFeed();
    var create = contest("create", runs, createCallers());
    var feed = contest("feed", runs, feedCallers());
    var bars = new ArrayList<Bar>();
    for (var chart : List.of(create, feed)) {
      var ratio = chart.of(FUNCTION).over(chart.of(BARE));
      bars.add(new Bar(chart.title() + ": function / " + BARE, ratio.median(), 1.6, ""));
    }
    var garbage =
        new Chart(
            "warm-garbage",
            "Garbage of a call, runtime client included",
            "kB",
            List.of(
                garbage("empty handler", bundle::empty, bundle.creates(), ""),
                garbage(
                    "create",
                    options -> bundle.start("CreateActivityFunction", options),
                    bundle.creates(),
                    FunctionProcess.OK),
                garbage(
                    "feed",
                    options -> bundle.start("HomeActivitiesFunction", options),
                    List.of(bundle.event("home-activities.json")),
                    FunctionProcess.OK)));
    return new Findings("warm", List.of(create, feed, garbage), bars, notes());
  }

  private Map<String, Caller> createCallers() throws IOException {
    var contenders = new LinkedHashMap<String, Caller>();
    contenders.put(BARE, new BareLoopProcess(bundle.bareLoop(CREATE)));
    contenders.put(
        FUNCTION,
        new FunctionCaller(
            bundle.onDemand("CreateActivityFunction"), bundle.creates(), FunctionProcess.OK));
    contenders.put(
        "empty handler", new FunctionCaller(bundle.empty(Map.of()), bundle.creates(), ""));
    Pgbench.find().ifPresent(pgbench -> contenders.put("pgbench", pgbench.on(bundle, CREATE)));
    for (var peer : Peer.all(bundle.root())) {
      contenders.put(
          peer.name(), new FunctionCaller(peer.on(bundle), bundle.creates(), FunctionProcess.OK));
    }
    return contenders;
  }

  private Map<String, Caller> feedCallers() throws IOException {
    var contenders = new LinkedHashMap<String, Caller>();
    contenders.put(BARE, new BareLoopProcess(bundle.bareLoop(FEED)));
    contenders.put(
        FUNCTION,
        new FunctionCaller(
            bundle.onDemand("HomeActivitiesFunction"),
            List.of(bundle.event("home-activities.json")),
            FunctionProcess.OK));
    Pgbench.find().ifPresent(pgbench -> contenders.put("pgbench", pgbench.on(bundle, FEED)));
    return contenders;
  }

  private static Chart contest(String name, int runs, Map<String, Caller> contenders)
      throws IOException {
    var medians = new LinkedHashMap<String, List<Double>>();
    var progress = new Progress("warm " + name, (runs + 1) * contenders.size());
    try {
      for (var run = 0; run <= runs; run++) {
        for (var contender : contenders.entrySet()) {
          var block = contender.getValue().run(run == 0 ? WARM_UP : BLOCK);
          if (run > 0) {
            medians
                .computeIfAbsent(contender.getKey(), _ -> new ArrayList<>())
                .add(new Series(name, block).median());
          }
          progress.step(contender.getKey());
        }
      }
    } finally {
      for (var contender : contenders.values()) {
        contender.close();
      }
    }
    var series = new ArrayList<Series>();
    medians.forEach((contender, values) -> series.add(new Series(contender, values)));
    return new Chart("warm-" + name, "Warm " + name, "ms", series);
  }

  private static Series garbage(
      String name,
      Function<Map<String, String>, FunctionProcess.Starter> start,
      List<byte[]> events,
      String expected)
      throws IOException {
    var log = Map.of("JAVA_TOOL_OPTIONS", "-Xlog:gc+heap=info");
    try (var process = new FunctionProcess(start.apply(log))) {
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

  private static List<String> notes() {
    return List.of(
        "A function's call lasts from the event's way out of the Runtime API to the answer's"
            + " arrival there; the bare loop's from the preparing of the statement to its row. Both"
            + " are on one database, over TLS with the same cipher, in JVMs with the same flags, by"
            + " blocks of "
            + BLOCK
            + " calls in turn; the bar is the median of the runs' ratios.",
        "The clock waits without sleeping, beside the bare loop too. Its waking up would be added"
            + " to a function's call alone: 0.04 to 0.17 ms; the bare loop is as fast either way.",
        "Garbage is measured once, over 1,000 calls, in whole collections of about 2.2 MB: take it"
            + " as plus or minus 2.2 kB.",
        "pgbench runs the file itself with -M prepared; its clock is the client's own, and"
            + " no processor is taken from it.");
  }
}
