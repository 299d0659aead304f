package cruddur.benchmarks;

/**
 * A limit of the project's own.
 *
 * @param claim the measured quantity
 * @param most the largest allowed value
 * @param unit empty for a ratio
 */
record Limit(String claim, double measured, double most, String unit) {
  static Limit ratio(String claim, double measured, double most) {
    return new Limit(claim, measured, most, "");
  }

  boolean holds() {
    return measured <= most;
  }
}
