package cruddur.local.template;

import java.util.List;

/**
 * A route of the HTTP API.
 *
 * @param key as API Gateway writes it: {@code GET /items/{id}}, {@code ANY /{proxy+}} or {@code
 *     $default}
 * @param function the logical name of the function that answers it
 */
public record Route(String key, Authorization authorization, String function) {

  /** Who may call a route. */
  public sealed interface Authorization {
    /** Everybody. */
    record Open() implements Authorization {}

    /** Whoever signs with AWS credentials that a policy lets through. */
    record Iam() implements Authorization {}

    /**
     * Whoever carries a token of the named authorizer with one of the scopes, or with any when none
     * is named.
     */
    record Jwt(String authorizer, List<String> scopes) implements Authorization {}
  }

  /** The HTTP method, {@code ANY} for all of them. */
  public String method() {
    return key.equals("$default") ? "ANY" : key.substring(0, key.indexOf(' '));
  }

  /** The path with its variables, {@code $default} for all of them. */
  public String path() {
    return key.substring(key.indexOf(' ') + 1);
  }
}
