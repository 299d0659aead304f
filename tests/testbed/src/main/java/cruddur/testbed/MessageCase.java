package cruddur.testbed;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that is hard to validate or to show, from {@code messages.jsonl}. Tests of the API and
 * of the page use the same cases.
 *
 * @param message the text of the activity
 * @param expected the API's response: {@code 200}, or {@code 422} and the code
 * @param page how the page shows the message; empty if it is invalid
 */
public record MessageCase(String message, String expected, String page) {
  private static final String VALID = "200";
  private static final String INVALID = "422 ";

  /**
   * Checks the form of {@code expected}.
   *
   * @throws IllegalArgumentException if it is neither of the two
   */
  public MessageCase {
    if (!expected.equals(VALID) && !expected.startsWith(INVALID)) {
      throw new IllegalArgumentException(expected);
    }
  }

  /** All of them. */
  public static List<MessageCase> all() {
    return Resource.objects("/messages.jsonl").map(MessageCase::of).toList();
  }

  private static MessageCase of(Map<String, @Nullable Object> members) {
    return new MessageCase(
        String.valueOf(members.get("message")),
        String.valueOf(members.get("expected")),
        String.valueOf(members.get("page")));
  }

  /** Whether the API stores the message. */
  public boolean isValid() {
    return expected.equals(VALID);
  }

  /** The API's code for an invalid message. */
  public String code() {
    return expected.replace(INVALID, "");
  }

  @Override
  public String toString() {
    return expected + " " + page;
  }
}
