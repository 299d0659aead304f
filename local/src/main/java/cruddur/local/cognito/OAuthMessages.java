package cruddur.local.cognito;

import static java.util.stream.Collectors.joining;

import cruddur.local.lambda.HttpRequest;
import cruddur.local.lambda.HttpResponse;
import cruddur.local.template.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/** Converts requests and responses between the gateway and {@code mock-oauth2-server}. */
final class OAuthMessages {
  private OAuthMessages() {}

  /**
   * Converts a request. Its origin becomes the identity service's own, so that there is one issuer:
   * {@code mock-oauth2-server} derives the issuer from the Host header and a forwarder's headers.
   *
   * @param port of the identity service
   */
  static OAuth2HttpRequest request(HttpRequest request, int port) {
    var headers = new Headers.Builder();
    request.headers().entrySet().stream()
        .filter(header -> !header.getKey().startsWith("x-forwarded-"))
        .forEach(header -> headers.addUnsafeNonAscii(header.getKey(), header.getValue()));
    var address =
        new HttpUrl.Builder()
            .scheme("http")
            .host("127.0.0.1")
            .port(port)
            .addPathSegments(request.path().substring(1))
            .encodedQuery(request.rawQuery().isEmpty() ? null : request.rawQuery())
            .build();
    headers.set("Host", "127.0.0.1:" + port);
    return new OAuth2HttpRequest(
        headers.build(),
        request.method(),
        address,
        new String(request.body(), StandardCharsets.UTF_8));
  }

  /** Converts a response. */
  static HttpResponse response(OAuth2HttpResponse response) {
    return new HttpResponse(
        response.getStatus(),
        response.getHeaders().toMultimap(),
        text(response).getBytes(StandardCharsets.UTF_8));
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

  /** The same request with another last segment in its path. */
  static OAuth2HttpRequest withLastSegment(OAuth2HttpRequest request, String segment) {
    var address = request.getUrl();
    return new OAuth2HttpRequest(
        request.getHeaders(),
        request.getMethod(),
        address.newBuilder().setPathSegment(address.pathSize() - 1, segment).build(),
        request.getBody());
  }

  /** The same request with another form. */
  static OAuth2HttpRequest withForm(OAuth2HttpRequest request, Map<String, String> form) {
    var body =
        form.entrySet().stream()
            .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
            .collect(joining("&"));
    return new OAuth2HttpRequest(request.getHeaders(), request.getMethod(), request.getUrl(), body);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** An empty response that any page may read. */
  static OAuth2HttpResponse done() {
    return new OAuth2HttpResponse(Headers.of("Access-Control-Allow-Origin", "*"), 200, "", null);
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
