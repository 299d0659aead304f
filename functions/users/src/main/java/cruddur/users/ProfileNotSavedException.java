package cruddur.users;

/** A confirmed user has no row. The message is for the user; the cause is in the log. */
final class ProfileNotSavedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProfileNotSavedException(String message) {
    super(message);
  }
}
