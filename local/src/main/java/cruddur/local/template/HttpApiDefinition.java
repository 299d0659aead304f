package cruddur.local.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The template's HTTP API.
 *
 * @param routes the routes to all functions
 * @param audiences the accepted audiences of each JWT authorizer, by the authorizer's name
 */
public record HttpApiDefinition(
    List<Route> routes, Optional<Cors> cors, Map<String, List<String>> audiences) {

  /**
   * A {@code CorsConfiguration}.
   *
   * @param maximumAge seconds for which a browser may keep the answer; empty when not set
   */
  public record Cors(
      List<String> origins,
      List<String> methods,
      List<String> headers,
      List<String> exposed,
      boolean credentials,
      String maximumAge) {}
}
