package cruddur.users;

import cruddur.lambda.DisplayName;
import cruddur.lambda.Handle;
import cruddur.lambda.JsonObject;
import cruddur.lambda.VisibleText;
import java.util.Optional;

/**
 * The data of a confirmed user that Cruddur stores.
 *
 * @param cognitoUserId the user's {@code sub}
 * @param displayName 1 to 100 code points
 * @param handle the wanted one, 1 to 64 code points
 */
record NewUser(String cognitoUserId, String displayName, String handle, String email) {
  /**
   * Parses the user from an event of Cognito's, or returns empty if it lacks the sub or the e-mail
   * address. A confirmed user must get a row, so names are cleaned and never invalid.
   *
   * @param event with {@code request.userAttributes}, whose values may be strings or booleans
   */
  static Optional<NewUser> parse(JsonObject event) {
    var sub = attribute(event, "sub");
    var email = stored(attribute(event, "email"));
    // Never cleaned: a changed sub could be another user's.
    if (sub.isEmpty() || !sub.equals(stored(sub)) || email.isEmpty()) {
      return Optional.empty();
    }
    var handle = Handle.of(attribute(event, "preferred_username"), email);
    var displayName =
        DisplayName.of(attribute(event, "name"))
            .or(
                () ->
                    DisplayName.of(
                        attribute(event, "given_name") + " " + attribute(event, "family_name")))
            .orElse(handle);
    return Optional.of(new NewUser(sub, displayName, handle, email));
  }

  private static String attribute(JsonObject event, String name) {
    return event.scalar("request", "userAttributes", name).orElse("");
  }

  /** A text without invisible characters, except blanks inside. */
  private static String stored(String text) {
    var stored = new StringBuilder(text.length());
    text.codePoints()
        .filter(codePoint -> codePoint == ' ' || VisibleText.isVisible(codePoint))
        .forEach(stored::appendCodePoint);
    return stored.toString().strip();
  }
}
