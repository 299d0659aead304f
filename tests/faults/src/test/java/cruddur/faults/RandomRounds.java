package cruddur.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The endless rounds of a seed, the same on every machine. */
final class RandomRounds {
  private static final int MOST_FAULTS = 4;
  private static final Duration LATEST_BEGIN = Duration.ofSeconds(3);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** The length of a fault, in percent of its length in the suite. */
  private static final int SHORTEST = 25;

  private static final int LONGEST = 150;

  // Its algorithm is specified. Other generators may change with the JDK.
  private final Random random;
  private final List<Fault> faults;

  RandomRounds(long seed, List<Fault> faults) {
    this.random = new Random(seed);
    this.faults = faults;
  }

  Round next() {
    var drawn = new ArrayList<>(faults);
    Collections.shuffle(drawn, random);
    var count = 1 + random.nextInt(MOST_FAULTS);
    var planned = new ArrayList<Round.Planned>();
    for (var fault : drawn) {
      if (planned.size() < count
          && planned.stream().noneMatch(other -> other.fault().excludes(fault))) {
        planned.add(new Round.Planned(fault, upTo(LATEST_BEGIN), length(fault)));
      }
    }
    return new Round(List.copyOf(planned), upTo(LONGEST_PAUSE));
  }

  private Duration length(Fault fault) {
    var percent = SHORTEST + random.nextInt(LONGEST - SHORTEST + 1);
    return fault.length().multipliedBy(percent).dividedBy(100);
  }

  private Duration upTo(Duration longest) {
    return Duration.ofMillis(random.nextInt(Math.toIntExact(longest.toMillis()) + 1));
  }
}
