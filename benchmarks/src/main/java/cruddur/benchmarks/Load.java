package cruddur.benchmarks;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Creates and feeds by {@code bin/local} at 1, 8 and 32 connections: through its Invoke API, and
 * through its HTTP API, which adds route, token and translation.
 */
final class Load implements Benchmark {
  private static final int[] CONNECTIONS = {1, 8, 32};

  /** How long a contender has its turn. */
  private static final Duration TURN = Duration.ofSeconds(1);

  private final Path root;

  /**
   * Prepares.
   *
   * @param root the repository's folder
   */
  Load(Path root) {
    this.root = root;
  }

  private record Contender(String name, LoadClient client, List<LoadClient.Result> results) {
    Contender(String api, HttpRequest request, int connections) {
      this(
          "%s, %d".formatted(api, connections),
          new LoadClient(request, connections),
          new ArrayList<>());
    }

    Series series(ToDoubleFunction<LoadClient.Result> value) {
      return new Series(name, results.stream().map(value::applyAsDouble).toList());
    }
  }

  @Override
  public Findings run(int runs) throws IOException {
    var charts = new ArrayList<Chart>();
    var notes = new ArrayList<String>();
    notes.add(
        "The client, bin/local, the functions and PostgreSQL share this machine's processors; a"
            + " connection sends as soon as it has its answer.");
    try (var local = LocalProcess.start(root)) {
      var requests = LocalRequests.of(local, root);
      var progress = new Progress("load", 2 * 2 * CONNECTIONS.length * runs);
      charts.addAll(
          measure("create", requests.create(), requests.invokeCreate(), runs, progress, notes));
      charts.addAll(measure("feed", requests.feed(), requests.invokeFeed(), runs, progress, notes));
    }
    return new Findings("load", charts, List.of(), notes);
  }

  private static List<Chart> measure(
      String name,
      HttpRequest http,
      HttpRequest invoke,
      int runs,
      Progress progress,
      List<String> notes)
      throws IOException {
    var contenders = new ArrayList<Contender>();
    for (var connections : CONNECTIONS) {
      contenders.add(new Contender("Invoke API", invoke, connections));
      contenders.add(new Contender("HTTP API", http, connections));
    }
    try {
      warm(contenders);
      for (var run = 0; run < runs; run++) {
        for (var contender : contenders) {
          contender.results().add(contender.client().run(TURN));
          progress.step(name + ", " + contender.name());
        }
      }
      notes.add(failures(name, contenders));
      return charts(name, contenders);
    } finally {
      contenders.forEach(contender -> contender.client().close());
    }
  }

  /** Starts all environments, through the API that waits for them. */
  private static void warm(List<Contender> contenders) throws IOException {
    for (var contender : contenders.reversed()) {
      if (contender.name().startsWith("Invoke")) {
        contender.client().run(TURN);
      }
    }
    for (var contender : contenders) {
      contender.client().run(TURN);
    }
  }

  private static String failures(String name, List<Contender> contenders) {
    var failures =
        contenders.stream()
            .flatMap(contender -> contender.results().stream())
            .mapToInt(LoadClient.Result::failures)
            .sum();
    return "Failed requests, " + name + ": " + failures + ".";
  }

  private static List<Chart> charts(String name, List<Contender> contenders) {
    return List.of(
        chart(name, "a second", "requests/s", contenders, LoadClient.Result::perSecond),
        chart(name, "median", "ms", contenders, result -> result.milliseconds().median()),
        chart(
            name,
            "99th percentile",
            "ms",
            contenders,
            result -> result.milliseconds().quantile(0.99)));
  }

  private static Chart chart(
      String name,
      String quantity,
      String unit,
      List<Contender> contenders,
      ToDoubleFunction<LoadClient.Result> value) {
    return new Chart(
        "load-" + name + "-" + quantity.replace(' ', '-'),
        "Load, " + name + ", " + quantity + ", by connections",
        unit,
        contenders.stream().map(contender -> contender.series(value)).toList());
  }
}
