package cruddur.benchmarks;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * The command line.
 *
 * @param benchmarks their names, in the order in which they run
 * @param rows activities in the largest table of the feed
 * @param memoryMebibytes the memory size whose share of a core processes have
 * @param publishes whether to write the results into README.md and docs/benchmarks.md
 */
record Options(
    List<String> benchmarks,
    int runs,
    long rows,
    int memoryMebibytes,
    Path output,
    boolean publishes) {
  /** The values of {@code --memory}, MiB. */
  static final List<Integer> MEMORY_SIZES = List.of(256, 512, 1_024, 1_769);

  private static final int RUNS = 12;

  /**
   * Reads a command line.
   *
   * @param known the names of all benchmarks
   * @throws IllegalArgumentException if it is invalid; the message says why
   */
  static Options parse(List<String> arguments, List<String> known) {
    var benchmarks = known;
    var runs = RUNS;
    var memory = 512;
    long rows = FeedScale.MOST_ROWS;
    var output = Path.of("benchmarks/target/results");
    var publishes = false;
    var rest = arguments.iterator();
    while (rest.hasNext()) {
      var argument = rest.next();
      switch (argument) {
        case "--runs" -> runs = number(argument, value(argument, rest), 1, 9_999);
        case "--rows" ->
            rows =
                number(argument, value(argument, rest), FeedScale.LEAST_ROWS, FeedScale.MOST_ROWS);
        case "--memory" -> memory = memory(argument, value(argument, rest));
        case "--output" -> output = Path.of(value(argument, rest));
        case "--publish" -> publishes = true;
        case "all" -> benchmarks = known;
        default -> {
          if (!known.contains(argument)) {
            throw new IllegalArgumentException("unknown argument: " + argument);
          }
          if (!benchmarks.equals(known)) {
            throw new IllegalArgumentException("one benchmark, or all");
          }
          benchmarks = List.of(argument);
        }
      }
    }
    return new Options(benchmarks, runs, rows, memory, output, publishes);
  }

  private static int memory(String option, String text) {
    if (MEMORY_SIZES.stream().anyMatch(size -> text.equals(size.toString()))) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException(
        "%s needs one of %s, not %s".formatted(option, MEMORY_SIZES, text));
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.next();
  }

  private static int number(String option, String text, int least, int most) {
    if (text.matches("[1-9][0-9]{0,8}")) {
      var number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "%s needs a number from %d to %d, not %s".formatted(option, least, most, text));
  }
}
