package cruddur.benchmarks;

import java.util.regex.Pattern;

/** Reads a JVM's log of its garbage collections (serial collector, {@code gc+heap=info}). */
final class GarbageLog {
  private static final Pattern YOUNG = Pattern.compile("DefNew: (\\d+)K\\([^)]*\\)->(\\d+)K");

  private GarbageLog() {}

  /** The kilobytes allocated up to the last collection. */
  static double kilobytes(String log) {
    var allocated = 0L;
    var left = 0L;
    var collections = YOUNG.matcher(log);
    while (collections.find()) {
      allocated += Long.parseLong(collections.group(1)) - left;
      left = Long.parseLong(collections.group(2));
    }
    return allocated;
  }
}
