package cruddur.local.template;

import java.util.regex.Pattern;

/**
 * A route of the HTTP API.
 *
 * @param method such as {@code GET}
 * @param path literal segments and variables, such as {@code /items/{id}}
 * @param function the function's logical name
 */
public record Route(String method, String path, Authorization authorization, String function) {
  private static final Pattern PATH = Pattern.compile("/|(/([^/{}]+|\\{[^/{}+]+}))+");

  /** Who may call a route. */
  public sealed interface Authorization {
    /** Every caller. */
    record Open() implements Authorization {}

    /** Callers with AWS credentials. */
    record Iam() implements Authorization {}

    /** Callers with a token that the named authorizer accepts. */
    record Jwt(String authorizer) implements Authorization {}
  }

  /**
   * Reads an event of the type {@code HttpApi}.
   *
   * @param api the properties of the HTTP API
   * @throws TemplateException when it has a form that is not emulated
   */
  static Route of(String function, Section event, Section api) {
    event.allowing("ApiId", "Auth", "Method", "Path");
    event.member("ApiId").textOf(api.name());
    var path = event.member("Path");
    if (!PATH.matcher(path.text()).matches()) {
      throw path.notEmulated(path.text());
    }
    return new Route(
        event.member("Method").textOf("DELETE", "GET", "PATCH", "POST", "PUT"),
        path.text(),
        authorization(event.member("Auth").allowing("Authorizer"), api),
        function);
  }

  private static Authorization authorization(Section auth, Section api) {
    if (!auth.isPresent()) {
      return new Authorization.Open();
    }
    var authorizer = auth.member("Authorizer");
    return authorizer.text().equals("AWS_IAM")
        ? new Authorization.Iam()
        : new Authorization.Jwt(
            authorizer.textOf(HttpApiDefinition.audiences(api).keySet().toArray(new String[0])));
  }

  /** The route as API Gateway writes it, such as {@code GET /items/{id}}. */
  public String key() {
    return method + " " + path;
  }
}
