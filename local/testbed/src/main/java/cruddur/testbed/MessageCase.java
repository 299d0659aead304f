package cruddur.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message that is hard to judge or to show, from {@code cruds.jsonl}. The tests of the API and of
 * the page use the same ones.
 *
 * @param message as it is written
 * @param must the API's answer: {@code 200}, or {@code 422} and the code
 * @param page how the page must show it; empty if the API refuses it
 */
public record MessageCase(String message, String must, String page) {
  private static final String FILE = "/cruds.jsonl";
  private static final String VALID = "200";
  private static final String INVALID = "422 ";

  /**
   * Checks that {@code must} is one of the two answers.
   *
   * @throws IllegalArgumentException if it is not
   */
  public MessageCase {
    if (!must.equals(VALID) && !must.startsWith(INVALID)) {
      throw new IllegalArgumentException(must);
    }
  }

  /** All of them. */
  public static List<MessageCase> all() {
    try (InputStream stream = MessageCase.class.getResourceAsStream(FILE)) {
      if (stream == null) {
        throw new IllegalStateException(FILE + " is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(MessageCase::parse)
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static MessageCase parse(String line) {
    var members = StrictJson.object(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    return new MessageCase(
        String.valueOf(members.get("message")),
        String.valueOf(members.get("must")),
        String.valueOf(members.get("page")));
  }

  /** Whether the API stores it. */
  public boolean isValid() {
    return must.equals(VALID);
  }

  /** The API's code for a message that it refuses. */
  public String code() {
    return must.replace(INVALID, "");
  }

  @Override
  public String toString() {
    return must + " " + page;
  }
}
