package cruddur.benchmarks;

import java.io.IOException;

/** Something that can be measured. */
interface Benchmark {
  /**
   * Measures it.
   *
   * @param runs how often each contender has its turn
   * @throws IOException if a part does not start or answer
   */
  Findings run(int runs) throws IOException;
}
