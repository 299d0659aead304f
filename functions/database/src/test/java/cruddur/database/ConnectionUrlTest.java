package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Parses {@code connection-urls.tsv}. {@link ConnectorTest} connects to its addresses. */
class ConnectionUrlTest {
  @ParameterizedTest
  @MethodSource("valid")
  void parsesEachPart(Line line) {
    var url = ConnectionUrl.parse(line.url());
    var expected =
        new ConnectionUrl(
            line.host(),
            Integer.parseInt(line.port()),
            line.database(),
            line.user(),
            line.password().equals("-") ? null : line.password(),
            url.settings());
    assertEquals(expected, url);
    assertEquals(line.settings(), join(url.settings()));
  }

  private static String join(Map<String, String> settings) {
    return settings.isEmpty()
        ? "-"
        : new TreeMap<>(settings)
            .entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void namesTheReasonAndNoSecret(Line line) {
    var failure =
        assertThrows(IllegalArgumentException.class, () -> ConnectionUrl.parse(line.url()));
    var message = String.valueOf(failure.getMessage());
    assertTrue(
        message.startsWith("CONNECTION_URL is not valid: " + line.result() + ". Its form is "),
        message);
    assertNoSecret(failure.toString());
  }

  /** The environment of a process is bytes, here written as escapes; the locale decodes them. */
  @ParameterizedTest
  @CsvSource({
    "the URL has more than one @, postgresql://u:Sup3r@Secret/Pa55@127.0.0.1:1/cruddur",
    "the URL ends in a control character, 'postgresql://u:Secret@127.0.0.1:1/cruddur\r'",
    "the URL has a character that is not ASCII,"
        + " postgresql://u:Secret\\0303\\0274@127.0.0.1:1/cruddur",
    "the URL is empty, ''"
  })
  void stopsTheStartOfAFunction(String reason, String url) throws Exception {
    for (var locale : List.of("C", "C.UTF-8")) {
      var start =
          new ProcessBuilder(
              "sh",
              "-c",
              "url=$(printf '%b.' \"$0\"); CONNECTION_URL=${url%.} exec \"$@\"",
              url,
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Start.class.getName());
      start.environment().put("LC_ALL", locale);
      var process = start.redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(1, process.waitFor(), output);
      assertTrue(output.contains("CONNECTION_URL is not valid: " + reason), output);
      assertNoSecret(output);
    }
  }

  @Test
  void showsAllButThePassword() {
    assertEquals("h:5432/d as u", ConnectionUrl.parse("postgresql://u:secret@h/d").toString());
    assertEquals("[::1]:5432/d as u", ConnectionUrl.parse("postgresql://u@[::1]/d").toString());
  }

  static List<Line> valid() throws IOException {
    return lines().stream().filter(line -> line.result().equals("accepted")).toList();
  }

  static List<Line> invalid() throws IOException {
    return lines().stream().filter(line -> !line.result().equals("accepted")).toList();
  }

  private static List<Line> lines() throws IOException {
    try (var stream = ConnectionUrlTest.class.getResourceAsStream("/connection-urls.tsv")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Line::of)
          .toList();
    }
  }

  static void assertNoSecret(String text) {
    for (var piece : List.of("Sup3r", "Secret", "Pa55")) {
      assertTrue(!text.contains(piece), text);
    }
  }

  /** A process that only creates a {@code Database}. */
  static final class Start {
    public static void main(String[] arguments) {
      new Database().close();
    }
  }

  /** A line of the table. */
  record Line(
      String url,
      String result,
      String host,
      String port,
      String database,
      String user,
      String password,
      String settings) {
    static Line of(String text) {
      var columns = text.split("\t");
      assertEquals(8, columns.length, text);
      return new Line(
          columns[0].translateEscapes(),
          columns[1],
          columns[2],
          columns[3],
          columns[4].translateEscapes(),
          columns[5],
          columns[6].translateEscapes(),
          columns[7]);
    }
  }
}
