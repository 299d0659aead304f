package cruddur.local;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as an HTTP API sees it.
 *
 * @param path decoded
 * @param rawQuery as it was sent; empty when there is none
 * @param headers by lower-case name, repeated ones joined by commas, without the cookies
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes that nobody changes or compares.
record GatewayRequest(
    String id,
    Instant time,
    String method,
    String path,
    String rawQuery,
    String protocol,
    String sourceAddress,
    Map<String, String> headers,
    List<String> cookies,
    byte[] body) {

  /** The largest request body, bytes. */
  private static final int LIMIT = 10 * 1024 * 1024;

  /** Reads a request; empty when its body is too large. */
  static Optional<GatewayRequest> read(HttpExchange exchange) throws IOException {
    var body = LocalServer.body(exchange, LIMIT);
    var headers = headers(exchange);
    var cookies = headers.remove("cookie");
    return body.map(
        bytes ->
            new GatewayRequest(
                Identifiers.gatewayRequest(),
                Instant.now(),
                exchange.getRequestMethod(),
                path(exchange.getRequestURI()),
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
                exchange.getProtocol(),
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                headers,
                cookies == null ? List.of() : List.of(cookies.split("; *|,(?=[^;]*=)", -1)),
                bytes));
  }

  private static String path(URI address) {
    return Optional.ofNullable(address.getPath()).filter(path -> !path.isEmpty()).orElse("/");
  }

  /** With the headers that the gateway adds. */
  private static Map<String, String> headers(HttpExchange exchange) {
    var headers = new TreeMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    headers.merge(
        "x-forwarded-for",
        exchange.getRemoteAddress().getAddress().getHostAddress(),
        (earlier, last) -> earlier + ", " + last);
    headers.put("x-forwarded-port", Integer.toString(exchange.getLocalAddress().getPort()));
    headers.put("x-forwarded-proto", "http");
    headers.put("x-amzn-trace-id", Identifiers.trace());
    headers.putIfAbsent("content-length", "0");
    return headers;
  }

  /** A header by its lower-case name; empty when it was not sent. */
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The query's parameters, decoded, repeated ones joined by commas. */
  Map<String, String> queryParameters() {
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
    } catch (IllegalArgumentException malformed) {
      return text;
    }
  }
}
