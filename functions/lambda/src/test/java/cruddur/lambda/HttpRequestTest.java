package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void hasQueryPathVariablesAndClaims() {
    var request =
        request(
            """
            {"queryStringParameters": {"limit": "1"}, "pathParameters": {"workspace": "w"},
             "requestContext": {"authorizer": {"jwt": {"claims": {"sub": "s"}}}}}
            """);
    assertEquals(Optional.of("1"), request.query("limit"));
    assertEquals(Optional.of("w"), request.pathParameter("workspace"));
    assertEquals(Optional.of("s"), request.claim("sub"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|",
        "{'body': 'YQ=='}|YQ==",
        "{'body': 'é'}|é",
        "{'body': 'YQ==', 'isBase64Encoded': false}|YQ==",
        "{'body': 'YQ==', 'isBase64Encoded': true}|a"
      })
  void hasABodyOfBytes(String event, @Nullable String body) {
    var bytes = request(event.replace('\'', '"')).body().orElseThrow();
    assertEquals(body == null ? "" : body, new String(bytes, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"body\": \"\\ud83d\"}", "{\"body\": \"YQ=\", \"isBase64Encoded\": true}"})
  void hasNoBodyIfItCannotBeDecoded(String event) {
    assertEquals(Optional.empty(), request(event).body());
  }

  private static HttpRequest request(String event) {
    return new HttpRequest(JsonObject.parse(event).orElseThrow());
  }
}
