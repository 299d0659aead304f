package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class UuidV7Test {
  @Test
  void holdsTheTimeAndTheVersion() {
    // The example of RFC 9562, appendix A.6: 2022-02-22T19:22:22Z.
    var uuid = UuidV7.at(Instant.ofEpochMilli(0x017F22E279B0L));
    assertTrue(uuid.toString().startsWith("017f22e2-79b0-7000-"), uuid.toString());
    assertEquals(7, uuid.version());
  }

  @Test
  void holdsTheMillisecondsFractionIn4096ths() {
    var uuid = UuidV7.at(Instant.ofEpochMilli(0x017F22E279B0L).plusNanos(500_000));
    assertTrue(uuid.toString().startsWith("017f22e2-79b0-7800-"), uuid.toString());
  }

  @Test
  void sortsByTimeWithinAMillisecond() {
    var start = Instant.ofEpochMilli(0x017F22E279B0L);
    var earlier = UuidV7.at(start.plusNanos(1_000)).toString();
    var later = UuidV7.at(start.plusNanos(999_000)).toString();
    assertTrue(earlier.compareTo(later) < 0, earlier + " " + later);
  }

  @Test
  void isAnotherEachTime() {
    var made = new HashSet<String>();
    for (var number = 0; number < 10_000; number++) {
      var uuid = UuidV7.at(Instant.EPOCH);
      assertEquals(2, uuid.variant());
      made.add(uuid.toString());
    }
    assertEquals(10_000, made.size());
  }
}
