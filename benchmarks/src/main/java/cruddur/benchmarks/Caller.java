package cruddur.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Runs calls one after the other, and takes turns with others. */
interface Caller extends AutoCloseable {
  /**
   * Runs calls, and returns what each took, milliseconds.
   *
   * @param pace from the beginning of one to the beginning of the next; zero for no pause
   */
  List<Double> run(int calls, Duration pace) throws IOException;

  @Override
  void close() throws IOException;
}
