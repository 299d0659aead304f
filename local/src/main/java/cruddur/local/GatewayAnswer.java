package cruddur.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What an HTTP API answers.
 *
 * @param headers by lower-case name
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes that nobody changes or compares.
record GatewayAnswer(int status, Map<String, List<String>> headers, byte[] body) {
  private static final String JSON = "application/json";

  /** What the gateway itself decides, whatever a function says. */
  private static final Set<String> RESERVED =
      Set.of("connection", "content-length", "date", "transfer-encoding");

  /** One of the gateway's own answers: a JSON object with a message. */
  static GatewayAnswer message(int status, String message) {
    return json(status, Json.object().put("message", message).toString());
  }

  /** One of the gateway's own answers, with the reason phrase of its status. */
  static GatewayAnswer refusal(int status) {
    return message(status, HttpStatus.getMessage(status));
  }

  /** An answer with a body of JSON. */
  static GatewayAnswer json(int status, String body) {
    return new GatewayAnswer(
        status, Map.of("content-type", List.of(JSON)), body.getBytes(StandardCharsets.UTF_8));
  }

  /** The same answer with one more header. */
  GatewayAnswer with(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, List.of(value));
    return new GatewayAnswer(status, more, body);
  }

  /**
   * Reads a function's answer in payload format 2.0: an object with a status, or any other JSON,
   * which is a body of its own.
   */
  static GatewayAnswer of(byte[] payload) {
    var answer = Json.parse(payload);
    if (answer.isMissingNode()) {
      return malformed();
    }
    if (!answer.has("statusCode")) {
      return json(200, answer.isTextual() ? answer.asText() : answer.toString());
    }
    var status = answer.path("statusCode").asInt(0);
    var body = answer.path("body");
    if (status < 200 || status > 599 || body.isContainerNode()) {
      return malformed();
    }
    try {
      return new GatewayAnswer(status, headers(answer), bytes(answer, body));
    } catch (IllegalArgumentException notBase64) {
      return malformed();
    }
  }

  private static GatewayAnswer malformed() {
    return message(500, "Internal Server Error");
  }

  private static Map<String, List<String>> headers(JsonNode answer) {
    var headers = new LinkedHashMap<String, List<String>>();
    headers.put("content-type", List.of("text/plain;charset=UTF-8"));
    for (var header : answer.path("headers").properties()) {
      var name = header.getKey().toLowerCase(Locale.ROOT);
      if (!RESERVED.contains(name)) {
        headers.put(name, List.of(header.getValue().asText()));
      }
    }
    var cookies = new ArrayList<String>();
    answer.path("cookies").forEach(cookie -> cookies.add(cookie.asText()));
    if (!cookies.isEmpty()) {
      headers.put("set-cookie", cookies);
    }
    return headers;
  }

  private static byte[] bytes(JsonNode answer, JsonNode body) {
    var text = body.isNull() ? "" : body.asText();
    return answer.path("isBase64Encoded").asBoolean()
        ? Base64.getDecoder().decode(text)
        : text.getBytes(StandardCharsets.UTF_8);
  }

  /** Sends it. */
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
