package cruddur.benchmarks;

import java.util.regex.Pattern;

/**
 * Reads out of a JVM's log of its heap (serial collector, {@code gc+heap=info}) how much was made
 * in it.
 */
final class GarbageLog {
  private static final Pattern YOUNG = Pattern.compile("DefNew: (\\d+)K\\([^)]*\\)->(\\d+)K");

  private GarbageLog() {}

  /** All that was made up to the last collection. */
  static double kilobytes(String log) {
    var made = 0L;
    var left = 0L;
    var collections = YOUNG.matcher(log);
    while (collections.find()) {
      made += Long.parseLong(collections.group(1)) - left;
      left = Long.parseLong(collections.group(2));
    }
    return made;
  }
}
