package cruddur.database;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Makes the keys of rows: UUIDs of version 7 (RFC 9562), which sort by their time. They have the
 * milliseconds since 1970, the millisecond's fraction in 4096ths, and 62 random bits, like those of
 * PostgreSQL's {@code uuidv7()}. The kernel's random bits are mixed in, so the restored copies of
 * one snapshot differ (AWS Lambda Developer Guide, "Handling uniqueness with Lambda SnapStart").
 * Safe for threads.
 */
public final class UuidV7 {
  private static final SecureRandom RANDOM = new SecureRandom();

  private UuidV7() {}

  /** A key that is made at an instant. */
  public static UUID at(Instant instant) {
    var milliseconds = instant.truncatedTo(ChronoUnit.MILLIS);
    var fraction = Duration.between(milliseconds, instant).toNanos() * 4096 / 1_000_000;
    var high = (instant.toEpochMilli() << 16) | 0x7000 | fraction;
    var low = (RANDOM.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
