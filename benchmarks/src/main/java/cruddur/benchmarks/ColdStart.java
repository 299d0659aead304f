package cruddur.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From the start of a process, or from its restoring, to its first answer. The database's login is
 * by TLS that verifies the host, and a password within it.
 */
final class ColdStart implements Benchmark {
  private static final String EMPTY = "empty handler";
  private static final String CREATE = "create";
  private static final String RESTORED = "create, restored";
  private static final String SAMPLE = "create-activity.json";

  private final Bundle bundle;

  ColdStart(Bundle bundle) {
    this.bundle = bundle;
  }

  private record Contender(
      String name, FunctionProcess.Starter starter, String sample, String expected) {
    boolean isRestored() {
      return name.endsWith("restored");
    }

    boolean signsUp() {
      return name.startsWith("confirm");
    }
  }

  /** What one start took: milliseconds, and MiB. */
  private record Start(
      double initialization, double firstAnswer, double processor, double memory) {}

  @Override
  public Findings run(int runs) throws IOException {
    var contenders = contenders();
    var starts = new LinkedHashMap<String, List<Start>>();
    var progress = new Progress("cold", (runs + 1) * contenders.size());
    // The first round only fills the page cache.
    for (var run = 0; run <= runs; run++) {
      for (var contender : contenders) {
        var start = start(contender);
        if (run > 0) {
          starts.computeIfAbsent(contender.name(), _ -> new ArrayList<>()).add(start);
        }
        progress.step(contender.name());
      }
    }
    return findings(starts);
  }

  private List<Contender> contenders() {
    var contenders = new ArrayList<Contender>();
    contenders.add(new Contender(EMPTY, bundle.empty(Map.of()), SAMPLE, ""));
    contenders.add(create(CREATE, bundle.onDemand("CreateActivityFunction")));
    contenders.add(create(RESTORED, bundle.snapStart("CreateActivityFunction")));
    contenders.add(feed("feed", bundle.onDemand("HomeActivitiesFunction")));
    contenders.add(feed("feed, restored", bundle.snapStart("HomeActivitiesFunction")));
    contenders.add(confirm("confirm", bundle.onDemand("PostConfirmationFunction")));
    contenders.add(confirm("confirm, restored", bundle.snapStart("PostConfirmationFunction")));
    Peer.all(bundle.root()).forEach(peer -> contenders.add(create(peer.name(), peer.on(bundle))));
    return contenders;
  }

  private static Contender create(String name, FunctionProcess.Starter starter) {
    return new Contender(name, starter, SAMPLE, FunctionProcess.OK);
  }

  private static Contender feed(String name, FunctionProcess.Starter starter) {
    return new Contender(name, starter, "home-activities.json", FunctionProcess.OK);
  }

  private static Contender confirm(String name, FunctionProcess.Starter starter) {
    return new Contender(name, starter, "post-confirmation.json", "\"userAttributes\"");
  }

  private Start start(Contender contender) throws IOException {
    if (contender.isRestored() || contender.signsUp()) {
      bundle.hideAuthor();
    }
    try (var process = new FunctionProcess(contender.starter())) {
      var start = contender.isRestored() ? restored(contender, process) : begun(contender, process);
      if (contender.signsUp()) {
        bundle.removeNewcomer();
      }
      return start;
    } finally {
      bundle.showAuthor();
    }
  }

  private Start begun(Contender contender, FunctionProcess process) throws IOException {
    var initialization = process.age();
    process.call(bundle.event(contender.sample()), contender.expected());
    return new Start(
        milliseconds(initialization),
        milliseconds(process.answered()),
        milliseconds(process.processorTime()),
        process.peakMemory());
  }

  private Start restored(Contender contender, FunctionProcess process) throws IOException {
    var initialization = process.age();
    if (!contender.signsUp()) {
      bundle.showAuthor();
    }
    var event = bundle.event(contender.sample());
    var processorTime = process.processorTime();
    var begin = process.age();
    process.restore();
    process.call(event, contender.expected());
    return new Start(
        milliseconds(initialization),
        milliseconds(process.answered().minus(begin)),
        milliseconds(process.processorTime().minus(processorTime)),
        process.peakMemory());
  }

  private static double milliseconds(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private Findings findings(Map<String, List<Start>> starts) throws IOException {
    var answers = chart("cold-answer", "To the first answer", "ms", starts, Start::firstAnswer);
    var memory = chart("cold-memory", "Peak memory", "MiB", starts, Start::memory);
    var charts =
        List.of(
            answers,
            chart(
                "cold-initialization",
                "Initialization, under SnapStart up to the checkpoint",
                "ms",
                starts,
                Start::initialization),
            chart(
                "cold-processor",
                "Processor time to the first answer",
                "ms",
                starts,
                Start::processor),
            memory);
    var empty = answers.of(EMPTY).median();
    var bars = new ArrayList<Bar>();
    var restored = answers.of(RESTORED).median();
    bars.add(new Bar("restore and first create / empty handler", restored / empty, 0.45, ""));
    answers.series().stream()
        .filter(series -> series.name().contains(" + "))
        .forEach(
            peer ->
                bars.add(
                    new Bar(
                        "restore and first create / " + peer.name(),
                        restored / peer.median(),
                        1,
                        "")));
    bars.add(new Bar("cold create / empty handler", answers.of(CREATE).median() / empty, 5, ""));
    // Of create, feed and confirm, which a person waits for.
    var largest =
        memory.series().stream()
            .filter(series -> !series.name().contains(" + "))
            .max(Comparator.comparingDouble(Series::median))
            .orElseThrow();
    bars.add(
        new Bar(
            "largest peak memory of create, feed and confirm: " + largest.name(),
            largest.median(),
            75,
            "MiB"));
    for (var function : List.of("CreateActivityFunction", "PostConfirmationFunction")) {
      bars.add(
          new Bar("jar of " + function, bundle.jarBytes(function) / 1024.0 / 1024.0, 2, "MiB"));
    }
    return new Findings("cold", charts, bars, notes());
  }

  private interface Quantity {
    double of(Start start);
  }

  private static Chart chart(
      String id, String title, String unit, Map<String, List<Start>> starts, Quantity quantity) {
    var series = new ArrayList<Series>();
    starts.forEach(
        (name, its) -> series.add(new Series(name, its.stream().map(quantity::of).toList())));
    return new Chart(id, title, unit, series);
  }

  private static List<String> notes() {
    return List.of(
        "From the start of the process to the answer's arrival at the Runtime API, over TLS that"
            + " verifies the host, the password sent within it as a token of IAM is. What signing"
            + " such a token and reading the authorities of RDS take is not in it.",
        "\"restored\": initialized as SnapStart does it, up to the checkpoint; then the wait for"
            + " /restore/next ends, and the clock starts. What Lambda takes to map the snapshot's"
            + " memory is not in it. Until then nobody knew the sample's user, as in AWS; a"
            + " confirmation always writes a row.",
        "Processor time is counted by the kernel in steps of 10 ms. The feed's page has what the"
            + " creates before it left, at most 20 activities.",
        "Python and Node speak to the Runtime API themselves, in benchmarks/peers/; AWS's clients"
            + " for them would add their own time.");
  }
}
