package cruddur.local;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/** Requests and responses of {@code mock-oauth2-server}, to and from the JDK's HTTP server. */
final class OAuthMessages {
  private OAuthMessages() {}

  /** A request; its host is 127.0.0.1, so that the issuer has one name, whatever was asked for. */
  static OAuth2HttpRequest request(HttpExchange exchange, byte[] body) {
    var headers = new Headers.Builder();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> values.forEach(value -> headers.addUnsafeNonAscii(name, value)));
    var host = "127.0.0.1:" + exchange.getLocalAddress().getPort();
    headers.set("Host", host);
    return new OAuth2HttpRequest(
        headers.build(),
        exchange.getRequestMethod(),
        HttpUrl.get("http://" + host + exchange.getRequestURI()),
        new String(body, StandardCharsets.UTF_8));
  }

  /** Sends a response. */
  static void send(HttpExchange exchange, OAuth2HttpResponse response) throws IOException {
    for (var header : response.getHeaders()) {
      exchange.getResponseHeaders().add(header.getFirst(), header.getSecond());
    }
    LocalServer.send(
        exchange, response.getStatus(), text(response).getBytes(StandardCharsets.UTF_8));
  }

  /** The body of a response; empty when it has none. */
  static String text(OAuth2HttpResponse response) {
    return Optional.ofNullable(response.getBody()).orElse("");
  }

  /** A field of a form; empty when it is absent. */
  static String parameter(OAuth2HttpRequest request, String name) {
    return Optional.ofNullable(request.getFormParameters().get(name)).orElse("");
  }

  /** A parameter of the query; empty when it is absent. */
  static String queryParameter(OAuth2HttpRequest request, String name) {
    return Optional.ofNullable(request.getUrl().queryParameter(name)).orElse("");
  }

  /** The same request to a path whose last segment is another. */
  static OAuth2HttpRequest withLastSegment(OAuth2HttpRequest request, String segment) {
    var address = request.getUrl();
    return new OAuth2HttpRequest(
        request.getHeaders(),
        request.getMethod(),
        address.newBuilder().setPathSegment(address.pathSize() - 1, segment).build(),
        request.getBody());
  }

  /** The same request with a form of one field. */
  static OAuth2HttpRequest withForm(OAuth2HttpRequest request, String name, String value) {
    return new OAuth2HttpRequest(
        request.getHeaders(),
        request.getMethod(),
        request.getUrl(),
        name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  /** An error in the form of RFC 6749, section 5.2. */
  static OAuth2HttpResponse error(String error, String description) {
    var body = Json.object().put("error", error).put("error_description", description);
    return new OAuth2HttpResponse(
        Headers.of("Content-Type", "application/json", "Access-Control-Allow-Origin", "*"),
        400,
        body.toString(),
        null);
  }
}
