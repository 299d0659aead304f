package cruddur.local.template;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.List;
import java.util.Map;

/**
 * The template's HTTP API.
 *
 * @param routes the routes to all functions
 * @param audiences the accepted audiences of each JWT authorizer, by the authorizer's name
 */
public record HttpApiDefinition(
    List<Route> routes, Cors cors, Map<String, List<String>> audiences) {
  /**
   * A {@code CorsConfiguration}.
   *
   * @param maximumAge seconds for which a browser may keep the response
   */
  public record Cors(
      List<String> origins,
      List<String> methods,
      List<String> headers,
      List<String> exposed,
      String maximumAge) {}

  /**
   * Reads a resource of the type {@code AWS::Serverless::HttpApi}.
   *
   * @throws TemplateException when it has a form that is not emulated
   */
  static HttpApiDefinition of(Section api, List<Route> routes) {
    api.allowing(
        "AccessLogSettings",
        "Auth",
        "CorsConfiguration",
        "DefaultRouteSettings",
        "DefinitionBody",
        "FailOnWarnings");
    // The functions have the routes.
    api.member("DefinitionBody").member("paths").allowing();
    return new HttpApiDefinition(routes, cors(api.member("CorsConfiguration")), audiences(api));
  }

  private static Cors cors(Section configuration) {
    configuration.allowing(
        "AllowHeaders", "AllowMethods", "AllowOrigins", "ExposeHeaders", "MaxAge");
    return new Cors(
        exact(configuration.member("AllowOrigins")),
        exact(configuration.member("AllowMethods")),
        exact(configuration.member("AllowHeaders")),
        exact(configuration.member("ExposeHeaders")),
        configuration.member("MaxAge").text());
  }

  /** The items of a list, none of them a pattern. */
  private static List<String> exact(Section list) {
    return list.texts(text -> !text.contains("*"));
  }

  /** The audiences of the JWT authorizers of an API. */
  static Map<String, List<String>> audiences(Section api) {
    return api.member("Auth")
        .allowing("Authorizers", "EnableIamAuthorizer")
        .member("Authorizers")
        .members()
        .collect(toUnmodifiableMap(Section::name, HttpApiDefinition::audience));
  }

  private static List<String> audience(Section authorizer) {
    authorizer
        .allowing("IdentitySource", "JwtConfiguration")
        .member("IdentitySource")
        .textOf("$request.header.Authorization");
    return authorizer
        .member("JwtConfiguration")
        .allowing("audience", "issuer")
        .member("audience")
        .texts();
  }
}
