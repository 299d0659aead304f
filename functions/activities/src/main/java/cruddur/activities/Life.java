package cruddur.activities;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How long an activity lives, as a client names it in {@code ttl}. */
enum Life {
  THIRTY_DAYS("30-days", Duration.ofDays(30)),
  SEVEN_DAYS("7-days", Duration.ofDays(7)),
  THREE_DAYS("3-days", Duration.ofDays(3)),
  ONE_DAY("1-day", Duration.ofDays(1)),
  TWELVE_HOURS("12-hours", Duration.ofHours(12)),
  THREE_HOURS("3-hours", Duration.ofHours(3)),
  ONE_HOUR("1-hour", Duration.ofHours(1));

  private static final Map<String, Life> BY_TTL =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(life -> life.ttl, life -> life));

  private final String ttl;
  private final Duration duration;

  Life(String ttl, Duration duration) {
    this.ttl = ttl;
    this.duration = duration;
  }

  static Optional<Life> of(String ttl) {
    return Optional.ofNullable(BY_TTL.get(ttl));
  }

  Duration duration() {
    return duration;
  }
}
