package cruddur.testbed;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The standard output of this process while this is open, such as the functions' metrics. Only for
 * tests that run alone in their process.
 */
public final class CapturedOutput implements AutoCloseable {
  /** A line of the functions in the embedded metric format. */
  private static final Pattern METRIC =
      Pattern.compile(
          ".*\"Namespace\":\"Cruddur\",\"Dimensions\":\\[\\[(?<dimensions>[^]]+)]],"
              + "\"Metrics\":\\[\\{\"Name\":\"(?<name>\\w+)\",\"Unit\":\"(?<unit>\\w+)\"}]}]},"
              + "(?<members>.*)}");

  private static final Pattern TEXT = Pattern.compile("\"(\\w+)\"");

  private final PrintStream terminal = System.out;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Starts to capture. */
  public CapturedOutput() {
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  /** The output so far. */
  public String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /**
   * The metrics in the output, such as {@code Rejected 1 Count function=test code=ttl_blank}, in
   * their order. {@code ColdStart} is left out, since only a process's first call prints it. Any
   * other line is returned as it is.
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

  /** Ends the capture. */
  @Override
  public void close() {
    System.setOut(terminal);
  }
}
