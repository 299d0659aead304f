package cruddur.users;

import cruddur.events.JsonObject;
import java.util.Optional;

/**
 * A confirmed user, as far as Cruddur keeps one.
 *
 * @param cognitoUserId the user's {@code sub}
 * @param displayName 1 to 100 code points
 * @param handle the wanted one, 1 to 64 code points
 */
record NewUser(String cognitoUserId, String displayName, String handle, String email) {
  private static final int LONGEST_DISPLAY_NAME = 100;
  private static final int LONGEST_HANDLE = 64;

  /** The wanted handle of a user who has none: never the sub, which nobody else may see. */
  private static final String NAMELESS = "user";

  /**
   * Reads the user from an event of Cognito's, or returns empty when it lacks the sub or the e-mail
   * address. Names lose what cannot be stored or seen and are cut to length, since a user who is
   * confirmed must get a row.
   *
   * @param event with {@code request.userAttributes}, whose values may be strings or truth values
   */
  static Optional<NewUser> of(JsonObject event) {
    var sub = sub(event);
    var email = attribute(event, "email");
    if (sub.isEmpty() || email.isEmpty()) {
      return Optional.empty();
    }
    var handle =
        attribute(event, "preferred_username")
            .or(() -> attribute(email.get().replaceFirst("@.*", "")))
            .or(() -> Optional.of(NAMELESS))
            .map(text -> cut(text, LONGEST_HANDLE))
            .get();
    var displayName =
        attribute(event, "name").map(text -> cut(text, LONGEST_DISPLAY_NAME)).orElse(handle);
    return Optional.of(new NewUser(sub.get(), displayName, handle, email.get()));
  }

  /** As it is or not at all: with a character left out, it would be another's. */
  private static Optional<String> sub(JsonObject event) {
    return event
        .scalar("request", "userAttributes", "sub")
        .filter(text -> attribute(text).equals(Optional.of(text)));
  }

  private static Optional<String> attribute(JsonObject event, String name) {
    return event.scalar("request", "userAttributes", name).flatMap(NewUser::attribute);
  }

  private static Optional<String> attribute(String value) {
    var text = new StringBuilder(value.length());
    value.codePoints().filter(NewUser::isKept).forEach(text::appendCodePoint);
    var stripped = text.toString().strip();
    return stripped.isEmpty() ? Optional.empty() : Optional.of(stripped);
  }

  /**
   * Leaves out control and format characters, which would let one name look like another, and lone
   * surrogates.
   */
  private static boolean isKept(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static String cut(String text, int longest) {
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest)).strip();
  }
}
