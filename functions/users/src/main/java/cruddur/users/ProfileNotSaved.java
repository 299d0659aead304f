package cruddur.users;

/** A confirmed user stays without a row. The message is for the user; the cause is in the log. */
final class ProfileNotSaved extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProfileNotSaved(String message) {
    super(message);
  }
}
