package cruddur.local.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cruddur.local.template.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutesTest {
  private final Routes routes =
      new Routes(
          List.of(
              route("GET", "/pets/{kind}/{id}"),
              route("GET", "/pets/dog/{id}"),
              route("PUT", "/pets/dog/{id}"),
              route("GET", "/pets/{kind}/1"),
              route("GET", "/pets/dog/1"),
              route("POST", "/")));

  @Test
  void prefersTheMoreSpecific() {
    assertEquals(Optional.of("GET /pets/dog/1"), find("GET", "/pets/dog/1"));
    assertEquals(Optional.of("GET /pets/dog/{id}"), find("GET", "/pets/dog/2"));
    assertEquals(Optional.of("PUT /pets/dog/{id}"), find("PUT", "/pets/dog/1"));
    assertEquals(Optional.of("GET /pets/{kind}/1"), find("GET", "/pets/cat/1"));
    assertEquals(Optional.of("GET /pets/{kind}/{id}"), find("GET", "/pets/cat/2"));
    assertEquals(Optional.of("POST /"), find("POST", "/"));
  }

  @Test
  void findsNoRouteForAnotherMethodOrAnotherPath() {
    assertEquals(Optional.empty(), find("DELETE", "/pets/dog/1"));
    assertEquals(Optional.empty(), find("GET", "/"));
    assertEquals(Optional.empty(), find("GET", "/pets/dog"));
    assertEquals(Optional.empty(), find("GET", "/pets/dog/"));
    assertEquals(Optional.empty(), find("GET", "/pets/dog/1/2"));
  }

  @Test
  void takesVariablesFromThePath() {
    assertEquals(
        Map.of("kind", "cat", "id", "a b"),
        routes.find("GET", "/pets/cat/a b").orElseThrow().pathParameters());
  }

  private Optional<String> find(String method, String path) {
    return routes.find(method, path).map(match -> match.route().key());
  }

  private static Route route(String method, String path) {
    return new Route(method, path, new Route.Authorization.Open(), "F");
  }
}
