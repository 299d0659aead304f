package cruddur.benchmarks;

/**
 * A bar that the project sets itself.
 *
 * @param claim what must not be more than the limit
 * @param unit empty for a ratio
 */
record Bar(String claim, double measured, double limit, String unit) {
  boolean holds() {
    return measured <= limit;
  }
}
