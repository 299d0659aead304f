package cruddur.local.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cruddur.local.template.Route;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutesTest {
  private final Routes routes =
      new Routes(
          List.of(
              route("$default"),
              route("ANY /{proxy+}"),
              route("GET /pets/{proxy+}"),
              route("ANY /pets/dog/{id}"),
              route("GET /pets/dog/{id}"),
              route("GET /pets/dog/1"),
              route("POST /")));

  @Test
  void prefersTheMoreSpecific() {
    assertEquals("GET /pets/dog/1", find("GET", "/pets/dog/1"));
    assertEquals("GET /pets/dog/{id}", find("GET", "/pets/dog/2"));
    assertEquals("ANY /pets/dog/{id}", find("PUT", "/pets/dog/2"));
    assertEquals("GET /pets/{proxy+}", find("GET", "/pets/cat/1"));
    assertEquals("ANY /{proxy+}", find("PUT", "/pets/cat/1"));
    assertEquals("POST /", find("POST", "/"));
    assertEquals("$default", find("GET", "/"));
  }

  @Test
  void takesVariablesFromThePath() {
    assertEquals(
        Map.of("proxy", "cat/1"), routes.find("GET", "/pets/cat/1").orElseThrow().pathParameters());
  }

  private String find(String method, String path) {
    return routes.find(method, path).orElseThrow().route().key();
  }

  private static Route route(String key) {
    return new Route(key, new Route.Authorization.Open(), "F");
  }
}
