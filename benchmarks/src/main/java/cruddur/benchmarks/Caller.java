package cruddur.benchmarks;

import java.io.IOException;
import java.util.List;

/** Runs calls in a row, and takes turns with others. */
interface Caller extends AutoCloseable {
  /** Runs so many calls, and returns what each took, milliseconds. */
  List<Double> run(int calls) throws IOException;

  @Override
  void close() throws IOException;
}
