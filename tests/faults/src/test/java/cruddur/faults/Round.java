package cruddur.faults;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Faults that begin within a few seconds, of which none excludes another. Then there is none until
 * the next round.
 *
 * @param pause from the recovery on
 */
record Round(List<Planned> faults, Duration pause) {
  /**
   * One of the faults.
   *
   * @param begin from the round's beginning on
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

  /** Pairs of faults that are planned for the same moment. */
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
