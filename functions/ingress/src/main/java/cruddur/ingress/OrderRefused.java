package cruddur.ingress;

import org.jspecify.annotations.Nullable;

/**
 * An order that was not carried out, or not to its end; what was open before still is. Its message
 * begins with the error codes, as a JSON array, as the HTTP API answers them.
 */
final class OrderRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Refusal refusal;

  OrderRefused(Refusal refusal) {
    this(refusal, "", null);
  }

  /**
   * Tells what EC2 said.
   *
   * @param detail EC2's own error code or the network's failure, for the log
   */
  OrderRefused(Refusal refusal, String detail, @Nullable Throwable cause) {
    super("[\"" + refusal.code() + "\"] " + refusal.advice() + detail, cause);
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
