package cruddur.benchmarks;

/**
 * A limit that the project sets itself.
 *
 * @param claim what is measured
 * @param most the limit
 * @param unit empty for a ratio
 */
record Limit(String claim, double measured, double most, String unit) {
  boolean holds() {
    return measured <= most;
  }
}
