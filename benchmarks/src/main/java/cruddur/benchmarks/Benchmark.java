package cruddur.benchmarks;

import java.io.IOException;

/** One of the benchmarks of {@code bin/bench}. */
interface Benchmark {
  /**
   * Runs the benchmark.
   *
   * @param runs how often each contender has its turn
   * @throws IOException if a part does not start or respond
   */
  Findings run(int runs) throws IOException;
}
