package cruddur.lambda;

import java.util.Base64;
import java.util.Optional;

/**
 * A request as API Gateway's HTTP APIs send it: an event of payload format 2.0. AWS sends header
 * names in lower case; test tools may send any case. Repeated headers and query parameters are
 * joined by commas.
 *
 * @param event the whole event
 */
public record HttpRequest(JsonObject event) {
  /**
   * A header's value. Names match without case (RFC 9110). Of several that differ only in case,
   * this is the lower-case one, or else the first in the order of their characters.
   *
   * @param name in lower case
   */
  public Optional<String> header(String name) {
    return event.string("headers", name).or(() -> event.stringIgnoringCase("headers", name));
  }

  /** A query parameter's value, decoded. */
  public Optional<String> query(String name) {
    return event.string("queryStringParameters", name);
  }

  /** A variable of the route's path. */
  public Optional<String> pathParameter(String name) {
    return event.string("pathParameters", name);
  }

  /** A claim of the token that the gateway's JWT authorizer accepted. */
  public Optional<String> claim(String name) {
    return event.string("requestContext", "authorizer", "jwt", "claims", name);
  }

  /** The body's bytes, or empty if it is invalid base64 or has half of a surrogate pair. */
  public Optional<byte[]> body() {
    var body = event.string("body").orElse("");
    if (event.scalar("isBase64Encoded").equals(Optional.of("true"))) {
      try {
        return Optional.of(Base64.getDecoder().decode(body));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }
    return Utf8.encode(body);
  }
}
