package cruddur.local.gateway;

import cruddur.local.template.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The routes of an HTTP API, the most specific first: literal segments before variables, variables
 * before {@code {proxy+}}, a method before ANY, and {@code $default} last, as "Routing API
 * requests" in the API Gateway developer guide orders them.
 */
final class Routes {
  private static final Pattern VARIABLE = Pattern.compile("\\{([^}+]+)(\\+?)}");

  private final List<Compiled> routes;

  /** A route that a request leads to, with the values of its path's variables, decoded. */
  record Match(Route route, Map<String, String> pathParameters) {}

  private record Compiled(Route route, Pattern path, List<String> variables) {}

  Routes(List<Route> routes) {
    this.routes =
        routes.stream().sorted(Comparator.comparing(Routes::rank)).map(Routes::compile).toList();
  }

  /** Sorts the more specific first. */
  private static String rank(Route route) {
    if (route.path().equals("$default")) {
      return "9";
    }
    var segments =
        Pattern.compile("/")
            .splitAsStream(route.path().substring(1))
            .map(segment -> segment.endsWith("+}") ? "2" : segment.startsWith("{") ? "1" : "0")
            .collect(Collectors.joining());
    return segments + (route.method().equals("ANY") ? "b" : "a");
  }

  private static Compiled compile(Route route) {
    if (route.path().equals("$default")) {
      return new Compiled(route, Pattern.compile(".*", Pattern.DOTALL), List.of());
    }
    var variables = new ArrayList<String>();
    var pattern = new StringBuilder();
    var position = 0;
    for (var variable :
        (Iterable<MatchResult>) VARIABLE.matcher(route.path()).results()::iterator) {
      pattern.append(Pattern.quote(route.path().substring(position, variable.start())));
      pattern.append(variable.group(2).isEmpty() ? "([^/]+)" : "(.+)");
      variables.add(variable.group(1));
      position = variable.end();
    }
    pattern.append(Pattern.quote(route.path().substring(position)));
    return new Compiled(route, Pattern.compile(pattern.toString(), Pattern.DOTALL), variables);
  }

  /**
   * Finds the route of a request.
   *
   * @param path decoded
   */
  Optional<Match> find(String method, String path) {
    return routes.stream()
        .filter(each -> each.route().method().equals("ANY") || each.route().method().equals(method))
        .flatMap(each -> match(each, path).stream())
        .findFirst();
  }

  private static Optional<Match> match(Compiled compiled, String path) {
    var matcher = compiled.path().matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var parameters = new LinkedHashMap<String, String>();
    for (var index = 0; index < compiled.variables().size(); index++) {
      parameters.put(compiled.variables().get(index), matcher.group(index + 1));
    }
    return Optional.of(new Match(compiled.route(), parameters));
  }
}
