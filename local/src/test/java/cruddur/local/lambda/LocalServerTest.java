package cruddur.local.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.testbed.RawHttp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class LocalServerTest {
  private static final Duration LIMIT = Duration.ofMillis(200);
  private static final String HEAD = "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";

  @AutoClose
  private static final LocalServer server =
      new LocalServer(0, LIMIT, HttpResponse::refusal, LocalServerTest::respond);

  /** Responds later than the limit. */
  private static HttpResponse respond(HttpRequest request) {
    try {
      Thread.sleep(LIMIT.multipliedBy(4));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return HttpResponse.message(200, "%d bytes".formatted(request.body().length));
  }

  @Test
  void refusesABodyThatStalls() throws Exception {
    for (var body :
        new String[] {
          "Content-Length: 10\r\n\r\nabc",
          "Content-Length: 10\r\n\r\n",
          "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
          "Transfer-Encoding: chunked\r\n\r\n3\r\na"
        }) {
      var response = RawHttp.sendAndStall(server.port(), bytes(HEAD + body));
      assertTrue(response.startsWith("HTTP/1.1 400 Bad Request\r\n"), response);
      assertTrue(response.contains("\r\nContent-Type: application/json\r\n"), response);
      assertEquals("{\"message\":\"Bad Request\"}", body(response));
    }
  }

  @Test
  void waitsForTheHandlerWithoutLimit() throws Exception {
    var response =
        RawHttp.sendAndStall(server.port(), bytes(HEAD + "Content-Length: 3\r\n\r\nabc"));
    assertTrue(response.startsWith("HTTP/1.1 200 OK\r\n"), response);
    assertEquals("{\"message\":\"3 bytes\"}", body(response));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String body(String response) {
    return response.replaceFirst("(?s).*?\r\n\r\n", "");
  }
}
