package cruddur.local.cognito;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A user of the pool. A name is enough to sign in, and the same name is always the same user.
 *
 * @param name the user name, lower-case
 * @param displayName empty for a user who gave none
 */
record User(String name, String preferredUsername, String email, Optional<String> displayName) {
  private static final int LENGTH_LIMIT = 128;

  /** The user with a name, with attributes made from it; empty if the name is blank or too long. */
  static Optional<User> named(String text) {
    return usable(text)
        .map(
            typed -> {
              var name = typed.toLowerCase(Locale.ROOT);
              var isAddress = name.contains("@");
              return new User(
                  name,
                  isAddress ? name.substring(0, name.indexOf('@')) : name,
                  isAddress ? name : name + "@example.com",
                  Optional.empty());
            });
  }

  /**
   * The user of a sign-up form; empty if the user name or address is blank, or a field is too long.
   * The display name may be blank: the template's pool asks for one, but federated users can have
   * none.
   */
  static Optional<User> signedUp(String userName, String email, String displayName) {
    var address = usable(email).filter(text -> text.indexOf('@') > 0);
    if (address.isEmpty() || displayName.length() > LENGTH_LIMIT) {
      return Optional.empty();
    }
    return usable(userName)
        .map(
            preferred ->
                new User(
                    preferred.toLowerCase(Locale.ROOT),
                    preferred,
                    address.get(),
                    usable(displayName)));
  }

  private static Optional<String> usable(String text) {
    return Optional.of(text.strip())
        .filter(typed -> !typed.isEmpty() && typed.length() <= LENGTH_LIMIT);
  }

  /** The user's id in the pool, which is also its {@code username}. */
  String sub() {
    return UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
  }
}
