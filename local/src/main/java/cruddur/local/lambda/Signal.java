package cruddur.local.lambda;

/** What an execution environment tells over the Runtime API, or by ending. */
sealed interface Signal {
  /** The runtime waits for its next invocation. */
  record Ready() implements Signal {}

  /** The handler answered. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes that nobody changes or compares.
  record Answered(byte[] payload) implements Signal {}

  /** The handler, or the start of its class, failed; the payload says how. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes that nobody changes or compares.
  record Failed(byte[] payload) implements Signal {}

  /** The process ended, with 128 and the signal's number where a signal ended it. */
  record Exited(int status) implements Signal {}

  /** Nothing was heard in time. */
  record Silent() implements Signal {}
}
