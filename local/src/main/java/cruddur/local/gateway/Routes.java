package cruddur.local.gateway;

import static java.util.stream.Collectors.joining;

import cruddur.local.template.Route;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The routes of an HTTP API. Literal segments win over variables ("Routing API requests" in the API
 * Gateway developer guide).
 */
final class Routes {
  private final List<Route> routes;

  /** The route of a request, with the decoded values of the path's variables. */
  record Match(Route route, Map<String, String> pathParameters) {}

  Routes(List<Route> routes) {
    this.routes = routes.stream().sorted(Comparator.comparing(Routes::rank)).toList();
  }

  /** A key by which the more specific route is first. */
  private static String rank(Route route) {
    return segments(route.path()).stream()
        .map(segment -> isVariable(segment) ? "1" : "0")
        .collect(joining());
  }

  /**
   * Finds the route of a request.
   *
   * @param path decoded
   */
  Optional<Match> find(String method, String path) {
    return routes.stream()
        .filter(route -> route.method().equals(method))
        .flatMap(route -> match(route, segments(path)).stream())
        .findFirst();
  }

  private static Optional<Match> match(Route route, List<String> actual) {
    var segments = segments(route.path());
    if (segments.size() != actual.size()) {
      return Optional.empty();
    }
    var parameters = new LinkedHashMap<String, String>();
    for (var index = 0; index < segments.size(); index++) {
      var segment = segments.get(index);
      var value = actual.get(index);
      if (isVariable(segment) && !value.isEmpty()) {
        parameters.put(segment.substring(1, segment.length() - 1), value);
      } else if (!segment.equals(value)) {
        return Optional.empty();
      }
    }
    return Optional.of(new Match(route, parameters));
  }

  private static List<String> segments(String path) {
    return Arrays.asList(path.split("/", -1));
  }

  private static boolean isVariable(String segment) {
    return segment.startsWith("{");
  }
}
