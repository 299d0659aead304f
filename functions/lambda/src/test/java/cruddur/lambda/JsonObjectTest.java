package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
  @Test
  void findsMembersByPath() {
    var json = parse("{\"a\": {\"b\": {\"c\": \"deep\"}}, \"d\": [{\"a\": 1}], \"e\": null}");
    assertEquals(Optional.of("deep"), json.string("a", "b", "c"));
    assertEquals(Optional.empty(), json.string("a", "x", "c"));
    assertEquals(Optional.empty(), json.string("d", "a"));
    assertEquals(Optional.empty(), json.string("e"));
    assertTrue(json.has("d"));
    assertFalse(json.has("e"));
    assertFalse(json.has("f"));
    assertTrue(json.hasObject("a", "b"));
    assertFalse(json.hasObject("a", "b", "c"));
  }

  @Test
  void tellsStringsFromOtherScalars() {
    var json = parse("{\"s\": \"true\", \"b\": true, \"n\": -1.50e3, \"o\": {}}");
    assertEquals(Optional.of("true"), json.string("s"));
    assertEquals(Optional.empty(), json.string("b"));
    assertEquals(Optional.of("true"), json.scalar("b"));
    assertEquals(Optional.of("-1.50e3"), json.scalar("n"));
    assertEquals(Optional.empty(), json.scalar("o"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "1",
        "null",
        "{",
        "{}{}",
        "{} x",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":1}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":\"\t\"}",
        "\ufeff{}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "{\"\\ud800\":1}",
        "// x\n{}"
      })
  void refusesWhatIsNotOneObject(String text) {
    assertEquals(Optional.empty(), JsonObject.parse(text));
    assertEquals(Optional.empty(), JsonObject.parse(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void readsValidUtf8Alone() {
    var bytes = "{\"a\": \"é💚\"}".getBytes(StandardCharsets.UTF_8);
    assertEquals(Optional.of("é💚"), JsonObject.parse(bytes).orElseThrow().string("a"));
    bytes[7]++;
    bytes[8] = '"';
    assertEquals(Optional.empty(), JsonObject.parse(bytes));
  }

  @Test
  void readsTwentyLevelsAndNoMore() {
    assertTrue(JsonObject.parse("{\"a\":" + "[".repeat(19) + "]".repeat(19) + "}").isPresent());
    assertFalse(JsonObject.parse("{\"a\":" + "[".repeat(20) + "]".repeat(20) + "}").isPresent());
  }

  @Test
  void readsLongNamesTextsAndNumbers() {
    var json = "{\"" + "n".repeat(60_000) + "\": " + "9".repeat(60_000) + "}";
    assertTrue(JsonObject.parse(json).isPresent());
    assertTrue(JsonObject.parse("{\"a\": 1e999999999}").isPresent());
  }

  @Test
  void readsNamesWhoseHashesCollide() {
    // "b!" and "aB" have the same hash with the factor 33. So have all names of ten such pairs.
    var members =
        IntStream.range(0, 1_024)
            .mapToObj(
                number ->
                    IntStream.range(0, 10)
                        .mapToObj(bit -> (number >> bit & 1) == 0 ? "b!" : "aB")
                        .collect(Collectors.joining("", "\"", "\":0")))
            .collect(Collectors.joining(",", "{", "}"));
    assertTrue(JsonObject.parse(members).isPresent());
  }

  private static JsonObject parse(String text) {
    return JsonObject.parse(text).orElseThrow();
  }
}
