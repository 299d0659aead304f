package cruddur.local;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Plain HTTP calls. */
final class Http {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Http() {}

  /**
   * Sends a request.
   *
   * @param headers names and values in turns
   */
  static HttpResponse<String> send(String method, String address, String body, String... headers)
      throws IOException, InterruptedException {
    return send(method, address, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /**
   * Sends a request.
   *
   * @param headers names and values in turns
   */
  static HttpResponse<String> send(String method, String address, byte[] body, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(address))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** Sends a GET. */
  static HttpResponse<String> get(String address, String... headers)
      throws IOException, InterruptedException {
    return send("GET", address, "", headers);
  }

  /** Posts a form. */
  static HttpResponse<String> post(String address, Map<String, String> form)
      throws IOException, InterruptedException {
    return send("POST", address, query(form), "Content-Type", "application/x-www-form-urlencoded");
  }

  /** Parameters as a query. */
  static String query(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** A response's header; empty when it is absent. */
  static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
