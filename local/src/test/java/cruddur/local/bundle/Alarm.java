package cruddur.local.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import cruddur.local.template.Intrinsics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An alarm of the template, evaluated as CloudWatch does (Amazon CloudWatch User Guide, "Alarm
 * evaluation" and "Configuring how CloudWatch alarms treat missing data"). A member that is not
 * emulated fails with an exception that names it.
 */
final class Alarm {
  private static final Set<String> MEMBERS =
      Set.of(
          """
          AlarmActions AlarmDescription ComparisonOperator DatapointsToAlarm Dimensions EvaluationPeriods
          MetricName Metrics Namespace Period Statistic Threshold TreatMissingData
          """
              .split("\\s+"));

  /**
   * "CloudWatch attempts to retrieve a higher number of data points than the number specified as
   * Evaluation Periods". The guide's example has 5 for 3.
   */
  private static final int FURTHER_PERIODS = 2;

  /** "A math expression used for an alarm can include as many as 10 metrics". */
  private static final int MOST_METRICS = 10;

  /** The id of the metric of an alarm without an expression. */
  private static final String ONLY = "metric";

  private final JsonNode definition;
  private final String expression;
  private final Map<String, Query> queries;
  private final Duration period;

  /** The states of an alarm. */
  enum State {
    OK,
    ALARM,
    INSUFFICIENT_DATA
  }

  private record Query(Metric metric, String statistic, Duration period) {
    static Query of(JsonNode metric, JsonNode statistic, JsonNode period) {
      var dimensions = new HashMap<String, String>();
      for (var dimension : metric.required("Dimensions")) {
        dimensions.put(dimension.required("Name").asText(), dimension.required("Value").asText());
      }
      return new Query(
          new Metric(
              metric.required("Namespace").asText(),
              metric.required("MetricName").asText(),
              dimensions),
          statistic.asText(),
          Duration.ofSeconds(period.asInt()));
    }
  }

  /** All alarms of a template, by logical name. */
  static Map<String, Alarm> of(JsonNode template) {
    var alarms = new LinkedHashMap<String, Alarm>();
    var intrinsics = new Intrinsics(template);
    for (var resource : template.required("Resources").properties()) {
      if (resource.getValue().required("Type").asText().equals("AWS::CloudWatch::Alarm")) {
        var properties = intrinsics.resolve(resource.getValue().required("Properties"));
        alarms.put(resource.getKey(), new Alarm(properties));
      }
    }
    return alarms;
  }

  private Alarm(JsonNode definition) {
    this.definition = definition;
    for (var member : definition.properties()) {
      if (!MEMBERS.contains(member.getKey())) {
        throw new IllegalArgumentException("unknown in an alarm: " + member.getKey());
      }
    }
    expression = expression(definition);
    queries = queries(definition);
    var periods = queries.values().stream().map(Query::period).collect(Collectors.toSet());
    if (periods.size() != 1 || queries.size() > MOST_METRICS) {
      throw new IllegalArgumentException("more than one period, or too many metrics: " + queries);
    }
    period = periods.iterator().next();
  }

  private static String expression(JsonNode definition) {
    return definition.has("Metrics")
        ? definition.required("Metrics").findValue("Expression").asText()
        : ONLY;
  }

  /** The queries by id. */
  private static Map<String, Query> queries(JsonNode definition) {
    if (!definition.has("Metrics")) {
      return Map.of(
          ONLY,
          Query.of(definition, definition.required("Statistic"), definition.required("Period")));
    }
    var queries = new LinkedHashMap<String, Query>();
    for (var item : definition.required("Metrics")) {
      if (!item.has("Expression")) {
        var stat = item.required("MetricStat");
        queries.put(
            item.required("Id").asText(),
            Query.of(stat.required("Metric"), stat.required("Stat"), stat.required("Period")));
      }
    }
    return queries;
  }

  /** The metrics that it reads. */
  Set<Metric> metrics() {
    return queries.values().stream().map(Query::metric).collect(Collectors.toUnmodifiableSet());
  }

  /** The state that the alarm has with some data. */
  State state(Datapoints datapoints) {
    var evaluated = definition.required("EvaluationPeriods").asInt();
    var existing = existing(datapoints, evaluated);
    var missing = evaluated - existing.size();
    var breaching = existing.stream().filter(this::isBreaching).count();
    var toAlarm = definition.path("DatapointsToAlarm").asInt(evaluated);
    return switch (definition.path("TreatMissingData").asText("missing")) {
      case "breaching" -> breaching + missing >= toAlarm ? State.ALARM : State.OK;
      case "notBreaching" -> breaching >= toAlarm ? State.ALARM : State.OK;
      case "missing" -> {
        if (breaching >= toAlarm) {
          yield State.ALARM;
        }
        // Without a value below the threshold, the missing ones decide.
        yield breaching == existing.size() ? State.INSUFFICIENT_DATA : State.OK;
      }
      case String other -> throw new IllegalArgumentException("unknown TreatMissingData: " + other);
    };
  }

  /** The latest values, at most as many as are evaluated. */
  private List<Double> existing(Datapoints datapoints, int evaluated) {
    var existing = new ArrayList<Double>();
    for (var number = 0; number < evaluated + FURTHER_PERIODS; number++) {
      value(datapoints, number).ifPresent(existing::add);
    }
    return existing.subList(0, Math.min(existing.size(), evaluated));
  }

  private OptionalDouble value(Datapoints datapoints, int number) {
    var from = period.multipliedBy(number);
    return MetricMath.evaluate(
        expression,
        id -> {
          var query = queries.get(id);
          if (query == null) {
            throw new IllegalArgumentException("no metric has the id " + id);
          }
          return datapoints.statistic(query.statistic(), query.metric(), from, from.plus(period));
        });
  }

  private boolean isBreaching(double value) {
    var threshold = definition.required("Threshold").asDouble();
    return switch (definition.required("ComparisonOperator").asText()) {
      case "GreaterThanThreshold" -> value > threshold;
      case "LessThanThreshold" -> value < threshold;
      case String other ->
          throw new IllegalArgumentException("unknown ComparisonOperator: " + other);
    };
  }
}
