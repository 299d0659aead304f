package cruddur.faults;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Faults that begin within a few seconds, and may be at the same time. After them, the clients
 * recover.
 *
 * @param pause the time from the recovery until the next round
 */
record Round(List<Planned> faults, Duration pause) {
  /**
   * A fault of the round.
   *
   * @param begin the time from the round's beginning
   */
  record Planned(Fault fault, Duration begin, Duration length) {
    private boolean overlaps(Planned other) {
      return begin.compareTo(other.end()) <= 0 && other.begin.compareTo(end()) <= 0;
    }

    private Duration end() {
      return begin.plus(length);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s %.1f-%.1f s", fault, begin.toMillis() / 1e3, end().toMillis() / 1e3);
    }
  }

  /** The number of pairs of faults at the same time. */
  long overlaps() {
    return faults.stream()
            .mapToLong(
                one ->
                    faults.stream()
                        .filter(other -> !other.equals(one) && one.overlaps(other))
                        .count())
            .sum()
        / 2;
  }

  @Override
  public String toString() {
    return faults.stream().map(Planned::toString).collect(joining(", "));
  }
}
