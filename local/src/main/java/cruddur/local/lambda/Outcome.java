package cruddur.local.lambda;

/** How an invocation of a function came out. */
public sealed interface Outcome {
  /** What the function wrote, between Lambda's own lines; empty when it did not run. */
  String log();

  /**
   * The function answered.
   *
   * @param log as {@link Outcome#log()} has it
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes that nobody changes or compares.
  record Answered(byte[] payload, String log) implements Outcome {}

  /**
   * The function failed, ran out of time or died.
   *
   * @param payload {@code {"errorType": ..., "errorMessage": ...}}, as Lambda answers it
   * @param log as {@link Outcome#log()} has it
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes that nobody changes or compares.
  record Failed(byte[] payload, String log) implements Outcome {}

  /** As many calls as this machine runs at once were under way already. */
  record Throttled() implements Outcome {
    @Override
    public String log() {
      return "";
    }
  }
}
