package cruddur.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Runs benchmarks and reports their findings. {@code bin/bench} starts it. */
public final class Main {
  private static final Map<String, BiFunction<Bundle, Options, Benchmark>> BENCHMARKS =
      new LinkedHashMap<>();

  static {
    BENCHMARKS.put(
        "cold",
        (bundle, options) ->
            new ColdStart(bundle, options.memoryMebibytes(), ColdStart.LATER_CALLS));
    BENCHMARKS.put("warm", (bundle, options) -> new WarmPath(bundle, options.memoryMebibytes()));
    BENCHMARKS.put("feed", (_, options) -> new FeedScale(options.rows()));
    BENCHMARKS.put("standby", (_, _) -> new StandbyFeed());
  }

  private Main() {}

  /**
   * Exits with 2 for wrong usage.
   *
   * @param arguments see {@code bin/bench -h}
   */
  public static void main(String[] arguments) throws IOException {
    Options options;
    try {
      options = Options.parse(List.of(arguments), List.copyOf(BENCHMARKS.keySet()));
    } catch (IllegalArgumentException mistake) {
      System.err.println("bench: " + mistake.getMessage() + "; see bin/bench -h");
      System.exit(2);
      return;
    }
    run(options);
  }

  /** Exits with 1 if this machine cannot measure a chosen benchmark. */
  private static void checkShares(Options options) {
    var obstacle = ProcessorShare.obstacle();
    if (obstacle.isPresent() && !options.benchmarks().equals(List.of("feed"))) {
      System.err.println("bench: cold, warm and standby were not measured: " + obstacle.get());
      System.exit(1);
    }
  }

  private static void run(Options options) throws IOException {
    checkShares(options);
    var hardware = Hardware.here();
    System.err.println(hardware.describe());
    var findings = new ArrayList<Findings>();
    try (var bundle = Bundle.start(Path.of("").toAbsolutePath())) {
      for (var benchmark : BENCHMARKS.entrySet()) {
        if (options.benchmarks().contains(benchmark.getKey())) {
          findings.add(benchmark.getValue().apply(bundle, options).run(options.runs()));
        }
      }
    }
    var report = new Report(hardware, options.runs(), findings);
    report.write(options.output());
    if (options.publishes()) {
      report.publish(Path.of(""));
    }
    System.out.print(report.text());
    System.err.println("also in " + options.output().resolve("index.html"));
  }
}
