package cruddur.testbed;

import java.util.regex.Pattern;

/**
 * Runs a test many times with random input. The system property {@code fuzz.cases} is the number of
 * cases, {@code fuzz.seed} the first seed. A failure names the seed that repeats it.
 */
public final class Fuzz {
  private static final int DEFAULT = 500;

  /** Lines in the embedded metric format that have only names and codes of the functions. */
  private static final Pattern METRICS =
      Pattern.compile(
          "(?:\\{\"timestamp\":\"[-0-9T:.]+Z\",\"level\":\"INFO\",\"_aws\":\\{[A-Za-z0-9\":,\\[\\]{}]+},"
              + "\"function\":\"test\",(?:\"(?:code|sqlState)\":\"\\w+\",)?\"[A-Za-z]+\":[0-9]+}\\R)*+");

  private Fuzz() {}

  /** A fuzz test. */
  @FunctionalInterface
  public interface Test {
    /** Draws one case and checks its result. */
    void run(RandomInput random) throws Exception;
  }

  /**
   * Runs a test once for each seed. It may print only metrics, and these must contain no part of
   * the input.
   */
  public static void run(String name, Test test) {
    run(name, test, 1);
  }

  /**
   * Runs a test that is slow.
   *
   * @param divisor divides the number of cases
   */
  public static void run(String name, Test test, int divisor) {
    var first = Long.getLong("fuzz.seed", 0);
    var cases = Math.max(1, Integer.getInteger("fuzz.cases", DEFAULT) / divisor);
    for (var seed = first; seed < first + cases; seed++) {
      try (var printed = new CapturedOutput()) {
        test.run(new RandomInput(seed));
        assertMetrics(printed.text());
      } catch (Exception | AssertionError failure) {
        throw new AssertionError(
            name + " fails with -Dfuzz.seed=" + seed + ": " + failure, failure);
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
