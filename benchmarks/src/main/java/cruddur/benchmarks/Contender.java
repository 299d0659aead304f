package cruddur.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What takes its turn with others: it can run calls in a row. */
interface Contender extends AutoCloseable {
  /** Runs so many calls, and returns what each took, milliseconds. */
  List<Double> run(int calls) throws IOException;

  @Override
  void close() throws IOException;

  /**
   * An environment that serves one call after the other.
   *
   * @param expected stands in each answer
   */
  static Contender calls(FunctionProcess.Starter starter, byte[] event, String expected)
      throws IOException {
    var process = new FunctionProcess(starter);
    process.stayAwake();
    return new Contender() {
      @Override
      public List<Double> run(int calls) throws IOException {
        var durations = new ArrayList<Double>();
        for (var call = 0; call < calls; call++) {
          durations.add(process.call(event, expected).toNanos() / 1e6);
        }
        return durations;
      }

      @Override
      public void close() throws IOException {
        process.close();
      }
    };
  }
}
