package cruddur.local.lambda;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;

/**
 * An HTTP request.
 *
 * @param path decoded
 * @param rawQuery not decoded; empty if there is none
 * @param sourceAddress the client's IP address
 * @param port TCP port at which the request arrived
 * @param headers by lower-case name, repeated ones joined by commas, without the cookies
 * @param headSize size of the request line and the headers' values, bytes
 * @param body no more than one byte beyond {@link LocalServer#BODY_LIMIT}
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes are neither changed nor compared.
public record HttpRequest(
    String method,
    String path,
    String rawQuery,
    String protocol,
    String sourceAddress,
    int port,
    Map<String, String> headers,
    List<String> cookies,
    int headSize,
    byte[] body) {

  /** Reads a request whose target, made absolute, is a URI. */
  static HttpRequest of(Request request, URI target, byte[] body) {
    var headers = headers(request);
    var cookies = headers.remove("cookie");
    // Several Cookie headers were joined by commas: a comma before "name=" separates two cookies.
    return new HttpRequest(
        request.getMethod(),
        target.getPath().isEmpty() ? "/" : target.getPath(),
        Optional.ofNullable(target.getRawQuery()).orElse(""),
        request.getConnectionMetaData().getProtocol(),
        Request.getRemoteAddr(request),
        Request.getLocalPort(request),
        headers,
        cookies == null ? List.of() : List.of(cookies.split("; *|,(?=[^;]*=)", -1)),
        headSize(request),
        body);
  }

  private static Map<String, String> headers(Request request) {
    var headers = new TreeMap<String, String>();
    for (var field : request.getHeaders()) {
      headers.merge(
          field.getLowerCaseName(),
          Optional.ofNullable(field.getValue()).orElse(""),
          (earlier, later) -> earlier + "," + later);
    }
    return headers;
  }

  private static int headSize(Request request) {
    var line =
        request.getMethod().length()
            + request.getHttpURI().getPathQuery().length()
            + request.getConnectionMetaData().getProtocol().length()
            + 2;
    return line
        + request.getHeaders().stream()
            .map(HttpField::getValue)
            .filter(Objects::nonNull)
            .mapToInt(String::length)
            .sum();
  }

  /** A header by its lower-case name; empty if it is absent. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The query's parameters, decoded, repeated ones joined by commas. */
  public Map<String, String> queryParameters() {
    var parameters = new LinkedHashMap<String, String>();
    for (var pair : rawQuery.split("&", -1)) {
      if (!pair.isEmpty()) {
        var parts = pair.split("=", 2);
        parameters.merge(
            decode(parts[0]),
            parts.length == 2 ? decode(parts[1]) : "",
            (earlier, later) -> earlier + "," + later);
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }
}
