package cruddur.local.gateway;

import cruddur.local.lambda.HttpAnswer;
import cruddur.local.lambda.HttpRequest;
import cruddur.local.template.HttpApiDefinition.Cors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an HTTP API does about pages of other origins. With a {@code CorsConfiguration} it answers
 * every preflight by itself and puts its own headers in place of a function's.
 */
final class CorsPolicy {
  private static final String PREFIX = "access-control-";

  private final Optional<Cors> configuration;
  private final Set<String> own;

  /**
   * Adds origins to those of a configuration.
   *
   * @param own the origins at which the page is opened here, which no template can name
   */
  CorsPolicy(Optional<Cors> configuration, Set<String> own) {
    this.configuration = configuration;
    this.own = own;
  }

  /** Whether a request is one that the gateway answers by itself. */
  boolean isPreflight(HttpRequest request) {
    return configuration.isPresent() && request.method().equals("OPTIONS");
  }

  /** The answer to a preflight; without a header that allows anything for a foreign origin. */
  HttpAnswer preflight(HttpRequest request) {
    var headers = new LinkedHashMap<String, List<String>>();
    allowing(request)
        .ifPresent(
            cors -> {
              headers.putAll(common(cors, request));
              put(headers, "allow-methods", String.join(",", cors.methods()));
              put(headers, "allow-headers", String.join(",", cors.headers()));
              put(headers, "max-age", cors.maximumAge());
            });
    return new HttpAnswer(204, headers, new byte[0]);
  }

  /** An answer with the gateway's headers; a function's own stay where nothing is configured. */
  HttpAnswer apply(HttpRequest request, HttpAnswer answer) {
    if (configuration.isEmpty()) {
      return answer;
    }
    var headers = new LinkedHashMap<>(answer.headers());
    headers.keySet().removeIf(name -> name.startsWith(PREFIX));
    allowing(request)
        .ifPresent(
            cors -> {
              headers.putAll(common(cors, request));
              put(headers, "expose-headers", String.join(",", cors.exposed()));
            });
    return new HttpAnswer(answer.status(), headers, answer.body());
  }

  private Optional<Cors> allowing(HttpRequest request) {
    return request
        .header("origin")
        .flatMap(
            origin ->
                configuration.filter(
                    cors ->
                        own.contains(origin)
                            || cors.origins().stream().anyMatch(rule -> allows(rule, origin))));
  }

  /** A rule is an origin, {@code *}, or a scheme such as {@code https://*}. */
  private static boolean allows(String rule, String origin) {
    return rule.endsWith("*")
        ? origin.startsWith(rule.substring(0, rule.length() - 1))
        : rule.equals(origin);
  }

  private static Map<String, List<String>> common(Cors cors, HttpRequest request) {
    var headers = new LinkedHashMap<String, List<String>>();
    var anybody = cors.origins().contains("*") && !cors.credentials();
    put(headers, "allow-origin", anybody ? "*" : request.header("origin").orElse(""));
    put(headers, "allow-credentials", cors.credentials() ? "true" : "");
    if (!anybody) {
      headers.put("vary", List.of("origin"));
    }
    return headers;
  }

  private static void put(Map<String, List<String>> headers, String name, String value) {
    if (!value.isEmpty()) {
      headers.put(PREFIX + name, List.of(value));
    }
  }
}
