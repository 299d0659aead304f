package cruddur.testbed;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What the process prints to standard output while this is open, such as the functions' metrics.
 * Only for a test that runs alone in its process.
 */
public final class CapturedOutput implements AutoCloseable {
  /** A line of the embedded metric format, as the functions write it. */
  private static final Pattern METRIC =
      Pattern.compile(
          ".*\"Namespace\":\"Cruddur\",\"Dimensions\":\\[\\[(?<dimensions>[^]]+)]],"
              + "\"Metrics\":\\[\\{\"Name\":\"(?<name>\\w+)\",\"Unit\":\"(?<unit>\\w+)\"}]}]},"
              + "(?<members>.*)}");

  private static final Pattern TEXT = Pattern.compile("\"(\\w+)\"");

  private final PrintStream terminal = System.out;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Begins to collect. */
  public CapturedOutput() {
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  /** All that was printed. */
  public String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /**
   * The metrics that were printed, in their order: {@code Rejected 1 Count function=test
   * code=ttl_blank}. The metric {@code ColdStart} is left out, since only the first call of a
   * process prints it. A line that is no metric is itself.
   */
  public List<String> metrics() {
    return text()
        .lines()
        .map(CapturedOutput::metric)
        .filter(metric -> !metric.startsWith("ColdStart "))
        .toList();
  }

  private static String metric(String line) {
    var metric = METRIC.matcher(line);
    if (!metric.matches()) {
      return line;
    }
    var members = metric.group("members");
    var text = new StringBuilder(metric.group("name"));
    text.append(' ').append(member(members, metric.group("name")));
    text.append(' ').append(metric.group("unit"));
    TEXT.matcher(metric.group("dimensions"))
        .results()
        .map(dimension -> dimension.group(1))
        .forEach(name -> text.append(' ').append(name).append('=').append(member(members, name)));
    return text.toString();
  }

  private static String member(String members, String name) {
    return Pattern.compile("\"" + name + "\":\"?([^,\"]*)")
        .matcher(members)
        .results()
        .map(MatchResult::group)
        .map(member -> member.replaceFirst(".*:\"?", ""))
        .findFirst()
        .orElse("absent");
  }

  /** Prints to the terminal again. */
  @Override
  public void close() {
    System.setOut(terminal);
  }
}
