package cruddur.testbed;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Runs a test many times with random input. The system property {@code fuzz.cases} is the number of
 * cases, {@code fuzz.seed} the first seed. A failure names the seed that repeats it.
 */
public final class Fuzz {
  private static final int DEFAULT = 500;

  /** Lines of the embedded metric format with names and codes that the functions made. */
  private static final Pattern METRICS =
      Pattern.compile(
          "(?:\\{\"timestamp\":\"[-0-9T:.]+Z\",\"level\":\"INFO\",\"_aws\":\\{[A-Za-z0-9\":,\\[\\]{}]+},"
              + "\"function\":\"test\",(?:\"(?:code|sqlState)\":\"\\w+\",)?\"[A-Za-z]+\":[0-9]+}\\R)*+");

  private Fuzz() {}

  /** A test of one case. */
  @FunctionalInterface
  public interface Test {
    /** Draws the case and compares the result with the rules. */
    void run(RandomInput random) throws Exception;
  }

  /** Runs a test once for each seed. What it prints must be metrics, which quote nobody. */
  public static void run(String name, Test test) {
    run(name, test, 1);
  }

  /**
   * Runs a test that is slow.
   *
   * @param share of the number of cases, of which it runs one
   */
  public static void run(String name, Test test, int share) {
    var first = Long.getLong("fuzz.seed", 0);
    var cases = Math.max(1, Integer.getInteger("fuzz.cases", DEFAULT) / share);
    var terminal = System.out;
    for (var seed = first; seed < first + cases; seed++) {
      var printed = new ByteArrayOutputStream();
      try {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        test.run(new RandomInput(seed));
        assertMetrics(printed.toString(StandardCharsets.UTF_8));
      } catch (Exception | AssertionError failure) {
        throw new AssertionError(
            name + " fails with -Dfuzz.seed=" + seed + ": " + failure, failure);
      } finally {
        System.setOut(terminal);
      }
    }
    System.out.println(name + ": " + cases + " cases from seed " + first);
  }

  private static void assertMetrics(String printed) {
    if (!METRICS.matcher(printed).matches()) {
      throw new AssertionError("printed besides metrics: " + printed);
    }
  }
}
