package cruddur.local.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import cruddur.local.template.Intrinsics;
import cruddur.local.template.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The metrics on the template's dashboard (Amazon CloudWatch User Guide, "Dashboard body structure
 * and syntax").
 *
 * @param metrics the metrics with names
 * @param searches the searches for metrics
 */
record Dashboard(Set<Metric> metrics, Set<Search> searches) {
  private static final Pattern SEARCH =
      Pattern.compile(
          "SEARCH\\('\\{(?<schema>[^}]+)} MetricName=\"(?<name>\\w+)\""
              + " \\((?<functions>function=\"\\w+\"(?: OR function=\"\\w+\")*)\\)', 'Sum', 300\\)");
  private static final Pattern FUNCTION = Pattern.compile("\"(\\w+)\"");

  /**
   * A search for a metric of some functions, with any value of its other dimension.
   *
   * @param schema the namespace and the names of the dimensions
   */
  record Search(List<String> schema, String name, Set<String> functions) {
    boolean finds(Metric metric) {
      return metric.name().equals(name)
          && metric.namespace().equals(schema.getFirst())
          && metric.dimensions().keySet().equals(Set.copyOf(schema.subList(1, schema.size())))
          && functions.contains(metric.function());
    }
  }

  /**
   * Reads the template's dashboard.
   *
   * @throws IllegalArgumentException if a search is not limited to functions of this stack
   */
  static Dashboard of(JsonNode template) {
    var intrinsics = new Intrinsics(template);
    var dashboard = template.required("Resources").required("Dashboard").required("Properties");
    var body = intrinsics.text(dashboard.required("DashboardBody"));
    var metrics = new HashSet<Metric>();
    var searches = new HashSet<Search>();
    for (var widget : Json.parse(body).required("widgets")) {
      var previous = List.<String>of();
      for (var row : widget.required("properties").required("metrics")) {
        if (row.path(0).isObject()) {
          searches.add(search(row.path(0).required("expression").asText()));
        } else {
          previous = filled(row, previous);
          metrics.add(metric(previous));
        }
      }
    }
    return new Dashboard(metrics, searches);
  }

  /** A row without its abbreviations: "." repeats an item, and "..." all items but the last. */
  private static List<String> filled(JsonNode row, List<String> previous) {
    var items = new ArrayList<String>();
    for (var item : row) {
      if (item.isTextual()) {
        items.add(item.asText());
      }
    }
    if (items.getFirst().equals("...")) {
      items.removeFirst();
      items.addAll(0, previous.subList(0, previous.size() - items.size()));
    }
    for (var position = 0; position < items.size(); position++) {
      if (items.get(position).equals(".")) {
        items.set(position, previous.get(position));
      }
    }
    return items;
  }

  private static Metric metric(List<String> items) {
    var dimensions = new HashMap<String, String>();
    for (var position = 2; position < items.size(); position += 2) {
      dimensions.put(items.get(position), items.get(position + 1));
    }
    return new Metric(items.get(0), items.get(1), dimensions);
  }

  /** "CloudWatch search expression syntax": a term in double quotes is an exact match. */
  private static Search search(String expression) {
    return Optional.of(SEARCH.matcher(expression))
        .filter(search -> search.matches())
        .map(
            search ->
                new Search(
                    List.of(search.group("schema").split(",")),
                    search.group("name"),
                    FUNCTION
                        .matcher(search.group("functions"))
                        .results()
                        .map(found -> found.group(1))
                        .collect(Collectors.toUnmodifiableSet())))
        .orElseThrow(() -> new IllegalArgumentException("not of this stack alone: " + expression));
  }

  /** Whether it shows a metric. */
  boolean shows(Metric metric) {
    return metrics.contains(metric) || searches.stream().anyMatch(search -> search.finds(metric));
  }
}
