package cruddur.local.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import cruddur.local.template.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** CloudWatch's data of some metrics at one moment. */
final class Datapoints {
  private final List<Datapoint> all;

  private record Datapoint(Metric metric, Duration age, double value) {}

  private Datapoints(Stream<Datapoint> datapoints) {
    all = datapoints.toList();
  }

  /** No data. */
  static Datapoints none() {
    return new Datapoints(Stream.of());
  }

  /** One value of a metric. */
  static Datapoints of(Metric metric, Duration age, double value) {
    return new Datapoints(Stream.of(new Datapoint(metric, age, value)));
  }

  /**
   * The metrics in a function's log. CloudWatch takes them from the lines in the embedded metric
   * format (Amazon CloudWatch User Guide, "Specification: Embedded metric format").
   *
   * @param log lines that begin with the function's name
   */
  static Datapoints ofLog(String log, Duration age) {
    return new Datapoints(
        log.lines().map(line -> Json.parse(afterName(line))).flatMap(line -> ofLine(line, age)));
  }

  private static String afterName(String line) {
    return line.substring(Math.max(0, line.indexOf('{')));
  }

  private static Stream<Datapoint> ofLine(JsonNode line, Duration age) {
    var datapoints = new ArrayList<Datapoint>();
    for (var directive : line.path("_aws").path("CloudWatchMetrics")) {
      for (var names : directive.path("Dimensions")) {
        var dimensions = new HashMap<String, String>();
        names.forEach(name -> dimensions.put(name.asText(), line.required(name.asText()).asText()));
        for (var definition : directive.path("Metrics")) {
          var name = definition.path("Name").asText();
          var metric = new Metric(directive.path("Namespace").asText(), name, dimensions);
          datapoints.add(new Datapoint(metric, age, line.required(name).asDouble()));
        }
      }
    }
    return datapoints.stream();
  }

  /** These and others. */
  Datapoints and(Datapoints others) {
    return new Datapoints(Stream.concat(all.stream(), others.all.stream()));
  }

  /** These without some. */
  Datapoints without(Predicate<Metric> some) {
    return new Datapoints(all.stream().filter(datapoint -> !some.test(datapoint.metric())));
  }

  /** The same values, with each multiple of an interval as their age, up to the longest. */
  Datapoints every(Duration interval, Duration longest) {
    var ages =
        Stream.iterate(interval, age -> age.compareTo(longest) <= 0, age -> age.plus(interval))
            .toList();
    return new Datapoints(
        all.stream()
            .flatMap(
                each -> ages.stream().map(age -> new Datapoint(each.metric(), age, each.value()))));
  }

  /** The metrics that have data. */
  Set<Metric> metrics() {
    return all.stream().map(Datapoint::metric).collect(Collectors.toUnmodifiableSet());
  }

  /** A statistic of a metric's values from one age to another; empty if there are none. */
  OptionalDouble statistic(String statistic, Metric metric, Duration from, Duration to) {
    var values =
        all.stream()
            .filter(datapoint -> datapoint.metric().equals(metric))
            .filter(datapoint -> datapoint.age().compareTo(from) >= 0)
            .filter(datapoint -> datapoint.age().compareTo(to) < 0)
            .mapToDouble(Datapoint::value)
            .summaryStatistics();
    return values.getCount() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            switch (statistic) {
              case "Sum" -> values.getSum();
              case "Minimum" -> values.getMin();
              case "Maximum" -> values.getMax();
              case "Average" -> values.getAverage();
              default -> throw new IllegalArgumentException("unknown statistic: " + statistic);
            });
  }
}
