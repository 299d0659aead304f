package cruddur.activities;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The time for which an activity is shown; a client sends its text as {@code ttl}. */
enum TimeToLive {
  THIRTY_DAYS("30-days", Duration.ofDays(30)),
  SEVEN_DAYS("7-days", Duration.ofDays(7)),
  THREE_DAYS("3-days", Duration.ofDays(3)),
  ONE_DAY("1-day", Duration.ofDays(1)),
  TWELVE_HOURS("12-hours", Duration.ofHours(12)),
  THREE_HOURS("3-hours", Duration.ofHours(3)),
  ONE_HOUR("1-hour", Duration.ofHours(1));

  private static final Map<String, TimeToLive> BY_TTL =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(each -> each.ttl, each -> each));

  private final String ttl;
  private final Duration duration;

  TimeToLive(String ttl, Duration duration) {
    this.ttl = ttl;
    this.duration = duration;
  }

  static Optional<TimeToLive> parse(String ttl) {
    return Optional.ofNullable(BY_TTL.get(ttl));
  }

  Duration duration() {
    return duration;
  }
}
