package cruddur.lambda;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A response in the form that API Gateway's HTTP APIs expect from a function (payload format 2.0).
 * Its body is JSON.
 *
 * @param status HTTP status code
 * @param body JSON text
 * @param headers further headers, by name in lower case
 * @param codes the error codes in the body; empty unless this is an error
 */
public record HttpResponse(
    int status, String body, Map<String, String> headers, List<String> codes) {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          // After a failure, the incomplete JSON must stay invalid.
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .build();

  public HttpResponse {
    headers = Map.copyOf(headers);
    codes = List.copyOf(codes);
  }

  /** A response with status 200. */
  public static HttpResponse ok(String body) {
    return new HttpResponse(200, body, Map.of(), List.of());
  }

  /**
   * An error, whose body is the JSON array of its codes.
   *
   * @param codes lower-case letters, digits and underscores, in the contract's order
   */
  public static HttpResponse error(int status, List<String> codes) {
    return new HttpResponse(status, "[\"" + String.join("\",\"", codes) + "\"]", Map.of(), codes);
  }

  /** An error with one code. */
  public static HttpResponse error(int status, String code) {
    return error(status, List.of(code));
  }

  /** The same response with one more header. */
  public HttpResponse with(String header, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpResponse(status, body, more, codes);
  }

  /** Writes the response as the gateway reads it. */
  public void writeTo(OutputStream output) throws IOException {
    try (var json = FACTORY.createGenerator(output, JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeNumberField("statusCode", status);
      json.writeObjectFieldStart("headers");
      json.writeStringField("content-type", "application/json");
      json.writeStringField("x-content-type-options", "nosniff");
      for (var header : headers.entrySet()) {
        json.writeStringField(header.getKey(), header.getValue());
      }
      json.writeEndObject();
      json.writeStringField("body", body);
      json.writeEndObject();
    }
  }
}
