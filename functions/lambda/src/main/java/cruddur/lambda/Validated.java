package cruddur.lambda;

/** The result of validating a request: the parsed value, or the error response. */
public sealed interface Validated<T> {
  /** A request that follows every rule of the contract. */
  record Valid<T>(T value) implements Validated<T> {}

  /** A request that breaks a rule, and the response that names it. */
  record Invalid<T>(HttpResponse response) implements Validated<T> {}
}
