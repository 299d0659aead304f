package cruddur.testbed;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Runs a test many times with hostile values. The system property {@code hostile.tries} says how
 * often, {@code hostile.seed} with which seed it begins; a failure names the seed that repeats it.
 */
public final class Tries {
  private static final int DEFAULT = 1_000;

  /** Lines of the embedded metric format with names and codes that the functions made. */
  private static final Pattern METRICS =
      Pattern.compile(
          "(?:\\{\"timestamp\":\"[-0-9T:.]+Z\",\"level\":\"INFO\",\"_aws\":\\{[A-Za-z0-9\":,\\[\\]{}]+},"
              + "\"function\":\"test\",(?:\"(?:code|sqlState)\":\"\\w+\",)?\"[A-Za-z]+\":[0-9]+}\\R)*+");

  private Tries() {}

  /** A test of one hostile case. */
  @FunctionalInterface
  public interface Test {
    /** Makes the case from chance and holds what comes of it against the rules. */
    void run(Chance chance) throws Exception;
  }

  /** Runs a test once for each seed. What it prints must be metrics, which quote nobody. */
  public static void run(String name, Test test) {
    run(name, test, 1);
  }

  /**
   * Runs a test that is slow.
   *
   * @param share runs it only once for so many tries
   */
  public static void run(String name, Test test, int share) {
    var first = Long.getLong("hostile.seed", 0);
    var tries = Math.max(1, Integer.getInteger("hostile.tries", DEFAULT) / share);
    var terminal = System.out;
    for (var seed = first; seed < first + tries; seed++) {
      var printed = new ByteArrayOutputStream();
      try {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        test.run(new Chance(seed));
        assertMetrics(printed.toString(StandardCharsets.UTF_8));
      } catch (Exception | AssertionError failure) {
        throw new AssertionError(
            name + " fails with -Dhostile.seed=" + seed + ": " + failure, failure);
      } finally {
        System.setOut(terminal);
      }
    }
    System.out.println(name + ": " + tries + " tries from seed " + first);
  }

  private static void assertMetrics(String printed) {
    if (!METRICS.matcher(printed).matches()) {
      throw new AssertionError("printed besides metrics: " + printed);
    }
  }
}
