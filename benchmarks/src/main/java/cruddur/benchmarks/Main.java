package cruddur.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Runs benchmarks and reports their findings. {@code bin/bench} starts it. */
public final class Main {
  private static final List<String> BENCHMARKS = List.of("cold", "warm", "feed", "standby");

  private Main() {}

  /**
   * Exits with 2 for wrong usage.
   *
   * @param arguments see {@code bin/bench -h}
   */
  public static void main(String[] arguments) throws IOException, SQLException {
    Options options;
    try {
      options = Options.parse(List.of(arguments), BENCHMARKS);
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

  private static void run(Options options) throws IOException, SQLException {
    checkShares(options);
    var hardware = Hardware.here();
    System.err.println(hardware.describe());
    var findings = new ArrayList<Findings>();
    for (var benchmark : options.benchmarks()) {
      findings.add(run(benchmark, options));
    }
    var report = new Report(hardware, options.runs(), findings);
    report.write(options.output());
    if (options.publishes()) {
      report.publish(Path.of(""));
    }
    System.out.print(report.text());
    System.err.println("also in " + options.output().resolve("index.html"));
  }

  private static Findings run(String benchmark, Options options) throws IOException, SQLException {
    var memory = options.memoryMebibytes();
    return switch (benchmark) {
      case "feed" -> new FeedScale(options.rows()).run(options.runs());
      case "standby" -> new StandbyFeed().run(options.runs());
      default -> {
        try (var bundle = Bundle.start(Path.of("").toAbsolutePath())) {
          yield benchmark.equals("cold")
              ? new ColdStart(bundle, memory, ColdStart.LATER_CALLS).run(options.runs())
              : new WarmPath(bundle, memory).run(options.runs());
        }
      }
    };
  }
}
