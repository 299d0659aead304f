package cruddur.local.lambda;

import cruddur.local.template.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The response to an HTTP request.
 *
 * @param headers by lower-case name
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes are neither changed nor compared.
public record HttpResponse(int status, Map<String, List<String>> headers, byte[] body) {
  private static final String JSON = "application/json";

  /** A response with a JSON object that has a message, the form of API Gateway's own responses. */
  public static HttpResponse message(int status, String message) {
    return json(status, Json.object().put("message", message).toString());
  }

  /** Such a response whose message is the reason phrase of its status. */
  public static HttpResponse refusal(int status) {
    return message(status, HttpStatus.getMessage(status));
  }

  /** A response with a body of JSON. */
  public static HttpResponse json(int status, String body) {
    return new HttpResponse(
        status, Map.of("content-type", List.of(JSON)), body.getBytes(StandardCharsets.UTF_8));
  }

  /** The same response with one more header. */
  public HttpResponse with(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, List.of(value));
    return new HttpResponse(status, more, body);
  }

  /** Sends the response. */
  void send(Response response, Callback callback) {
    response.setStatus(status);
    headers.forEach(
        (name, values) -> values.forEach(value -> response.getHeaders().add(name, value)));
    if (status == HttpStatus.NO_CONTENT_204 || status == HttpStatus.NOT_MODIFIED_304) {
      callback.succeeded();
    } else {
      response.write(true, ByteBuffer.wrap(body), callback);
    }
  }
}
