package cruddur.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A user of the pool. Whoever names one is one: there are no passwords, and the same name is always
 * the same user.
 *
 * @param name what was typed to sign in, lower-case
 */
record User(String name) {
  private static final int LENGTH_LIMIT = 128;

  /** The user of a name; empty for a blank or a very long one. */
  static Optional<User> named(String text) {
    var name = text.strip().toLowerCase(Locale.ROOT);
    return name.isEmpty() || name.length() > LENGTH_LIMIT
        ? Optional.empty()
        : Optional.of(new User(name));
  }

  /** The pool's own id of the user, which is also its {@code username}. */
  String sub() {
    return UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
  }

  String email() {
    return name.contains("@") ? name : name + "@example.com";
  }

  String preferredUsername() {
    return name.contains("@") ? name.substring(0, name.indexOf('@')) : name;
  }
}
