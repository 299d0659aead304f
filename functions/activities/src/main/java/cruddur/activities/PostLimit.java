package cruddur.activities;

import java.time.Duration;
import java.util.Map;

/**
 * The number of activities that one author may create within a window of time. Calls at the same
 * time do not count each other, so an author can exceed it by the number of environments.
 *
 * @param posts activities, at least 1
 * @param window 1 second to 1 hour, the shortest time to live: older activities may be gone
 */
record PostLimit(int posts, Duration window) {
  private static final Duration LONGEST_WINDOW = Duration.ofHours(1);

  PostLimit {
    if (posts < 1 || window.toSeconds() < 1 || window.compareTo(LONGEST_WINDOW) > 0) {
      throw new IllegalArgumentException(
          "POSTS_LIMIT must be at least 1, POSTS_WINDOW_SECONDS 1 to 3600");
    }
  }

  /**
   * The limit that the environment variables {@code POSTS_LIMIT} and {@code POSTS_WINDOW_SECONDS}
   * name; 30 activities in 300 seconds, where they are not set.
   *
   * @throws IllegalArgumentException if one is not a number in its range
   */
  static PostLimit of(Map<String, String> environment) {
    return new PostLimit(
        Integer.parseInt(environment.getOrDefault("POSTS_LIMIT", "30")),
        Duration.ofSeconds(
            Integer.parseInt(environment.getOrDefault("POSTS_WINDOW_SECONDS", "300"))));
  }
}
