package cruddur.testbed;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the process prints to standard output while this is open, such as the functions' metrics.
 * Only for a test that runs alone in its process.
 */
public final class Printed implements AutoCloseable {
  private static final Pattern METRIC = Pattern.compile("\"Metrics\":\\[\\{\"Name\":\"(\\w+)\"");

  private final PrintStream terminal = System.out;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Begins to collect. */
  public Printed() {
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  /** All that was printed. */
  public String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The names of the metrics that were printed, in their order. */
  public List<String> metrics() {
    return METRIC.matcher(text()).results().map(found -> found.group(1)).toList();
  }

  /** Prints to the terminal again. */
  @Override
  public void close() {
    System.setOut(terminal);
  }
}
