package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpResponseTest {
  @Test
  void isWrittenAsTheGatewayReadsIt() {
    assertEquals(
        "{\"statusCode\":200,\"headers\":{\"content-type\":\"application/json\","
            + "\"x-content-type-options\":\"nosniff\",\"link\":\"<x>; rel=\\\"next\\\"\"},"
            + "\"body\":\"{\\\"a\\\" : \\\"é💚\\\"}\"}",
        written(HttpResponse.ok("{\"a\" : \"é💚\"}").with("link", "<x>; rel=\"next\"")));
  }

  @Test
  void writesErrorsAsAnArray() {
    assertEquals("[\"one\",\"two\"]", HttpResponse.error(422, List.of("one", "two")).body());
    assertEquals("[\"one\"]", HttpResponse.error(400, "one").body());
  }

  /** The response as the gateway reads it. */
  static String written(HttpResponse response) {
    var output = new ByteArrayOutputStream();
    try {
      response.writeTo(output);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return output.toString(StandardCharsets.UTF_8);
  }
}
