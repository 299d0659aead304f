package cruddur.ingress;

/**
 * A direct call that asks for what cannot be done. Its message is the JSON array of error codes.
 */
final class OrderInvalid extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OrderInvalid(String codes) {
    // Nobody's bug, so no stack trace.
    super(codes, null, false, false);
  }
}
