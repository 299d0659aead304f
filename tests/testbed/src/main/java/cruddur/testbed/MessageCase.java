package cruddur.testbed;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that is hard to judge or to show, from {@code messages.jsonl}. The tests of the API and
 * of the page use the same ones.
 *
 * @param message as it is written
 * @param expected the API's response: {@code 200}, or {@code 422} and the code
 * @param page how the page shows it; empty if the API refuses it
 */
public record MessageCase(String message, String expected, String page) {
  private static final String VALID = "200";
  private static final String INVALID = "422 ";

  /**
   * Checks that {@code expected} is one of the two responses.
   *
   * @throws IllegalArgumentException if it is not
   */
  public MessageCase {
    if (!expected.equals(VALID) && !expected.startsWith(INVALID)) {
      throw new IllegalArgumentException(expected);
    }
  }

  /** All of them. */
  public static List<MessageCase> all() {
    return JsonLines.of("/messages.jsonl").map(MessageCase::of).toList();
  }

  private static MessageCase of(Map<String, @Nullable Object> members) {
    return new MessageCase(
        String.valueOf(members.get("message")),
        String.valueOf(members.get("expected")),
        String.valueOf(members.get("page")));
  }

  /** Whether the API stores it. */
  public boolean isValid() {
    return expected.equals(VALID);
  }

  /** The API's code for a message that it refuses. */
  public String code() {
    return expected.replace(INVALID, "");
  }

  @Override
  public String toString() {
    return expected + " " + page;
  }
}
