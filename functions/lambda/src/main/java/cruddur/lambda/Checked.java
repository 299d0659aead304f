package cruddur.lambda;

/** What a request turns out to be when it is held against the contract. */
public sealed interface Checked<T> {
  /** One that may be carried out. */
  record Accepted<T>(T value) implements Checked<T> {}

  /** One that breaks a rule, with the answer that says which. */
  record Rejected<T>(HttpResponse response) implements Checked<T> {}
}
