package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpRequestTest {
  @Test
  void findsHeadersWithoutCase() {
    var request =
        request(
            """
            {"headers": {"Content-Type": "a/b", "IDEMPOTENCY-KEY": "k1", "accept": "c/d"}}\
            """);
    assertEquals(Optional.of("a/b"), request.header("content-type"));
    assertEquals(Optional.of("k1"), request.header("idempotency-key"));
    assertEquals(Optional.of("c/d"), request.header("accept"));
    assertEquals(Optional.empty(), request.header("content"));
  }

  @Test
  void choosesTheSameOfSeveralSpellings() {
    assertEquals(
        Optional.of("2"),
        request("{\"headers\": {\"X-A\": \"1\", \"x-a\": \"2\", \"X-a\": \"3\"}}").header("x-a"));
    assertEquals(
        Optional.of("1"),
        request("{\"headers\": {\"X-a\": \"3\", \"X-A\": \"1\", \"x-A\": \"2\"}}").header("x-a"));
  }

  @Test
  void ignoresHeadersThatAreNotText() {
    for (var event :
        new String[] {
          "{}", "{\"headers\": null}", "{\"headers\": [\"x-a\"]}", "{\"headers\": {\"X-A\": 1}}"
        }) {
      assertEquals(Optional.empty(), request(event).header("x-a"), event);
    }
  }

  private static HttpRequest request(String event) {
    return new HttpRequest(JsonObject.parse(event).orElseThrow());
  }
}
