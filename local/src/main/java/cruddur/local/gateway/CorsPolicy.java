package cruddur.local.gateway;

import cruddur.local.lambda.HttpRequest;
import cruddur.local.lambda.HttpResponse;
import cruddur.local.template.HttpApiDefinition.Cors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** CORS of the HTTP API, which answers every preflight and replaces the functions' CORS headers. */
final class CorsPolicy {
  private static final String PREFIX = "access-control-";

  private final Cors configuration;
  private final Set<String> own;

  /**
   * Allows further origins besides those of a configuration.
   *
   * @param own the page's origins here, which no template can name
   */
  CorsPolicy(Cors configuration, Set<String> own) {
    this.configuration = configuration;
    this.own = own;
  }

  /** The response to a preflight. For another origin it has no header that allows anything. */
  HttpResponse preflight(HttpRequest request) {
    var headers = new LinkedHashMap<String, List<String>>();
    allowed(request)
        .ifPresent(
            origin -> {
              allow(headers, origin);
              put(headers, "allow-methods", String.join(",", configuration.methods()));
              put(headers, "allow-headers", String.join(",", configuration.headers()));
              put(headers, "max-age", configuration.maximumAge());
            });
    return new HttpResponse(204, headers, new byte[0]);
  }

  /** A response with the gateway's headers in place of the function's. */
  HttpResponse apply(HttpRequest request, HttpResponse response) {
    var headers = new LinkedHashMap<>(response.headers());
    headers.keySet().removeIf(name -> name.startsWith(PREFIX));
    allowed(request)
        .ifPresent(
            origin -> {
              allow(headers, origin);
              put(headers, "expose-headers", String.join(",", configuration.exposed()));
            });
    return new HttpResponse(response.status(), headers, response.body());
  }

  private Optional<String> allowed(HttpRequest request) {
    return request
        .header("origin")
        .filter(origin -> own.contains(origin) || configuration.origins().contains(origin));
  }

  private static void allow(Map<String, List<String>> headers, String origin) {
    put(headers, "allow-origin", origin);
    headers.put("vary", List.of("origin"));
  }

  private static void put(Map<String, List<String>> headers, String name, String value) {
    if (!value.isEmpty()) {
      headers.put(PREFIX + name, List.of(value));
    }
  }
}
