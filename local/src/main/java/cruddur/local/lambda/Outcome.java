package cruddur.local.lambda;

/** The result of an invocation of a function. */
public sealed interface Outcome {
  /**
   * The log of the invocation with Lambda's START, END and REPORT lines; empty if it did not run.
   */
  String log();

  /**
   * The function answered.
   *
   * @param log as {@link Outcome#log()} has it
   */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are neither changed nor compared.
  record Answered(byte[] payload, String log) implements Outcome {}

  /**
   * The function failed, timed out, or its process ended.
   *
   * @param payload {@code {"errorType": ..., "errorMessage": ...}}, as Lambda answers it
   * @param log as {@link Outcome#log()} has it
   */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are neither changed nor compared.
  record Failed(byte[] payload, String log) implements Outcome {}

  /** The pool was full or closed, so no environment ran the call. */
  record Throttled() implements Outcome {
    @Override
    public String log() {
      return "";
    }
  }
}
