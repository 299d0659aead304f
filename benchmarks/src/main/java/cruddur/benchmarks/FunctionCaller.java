package cruddur.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Calls one environment with some events in turn. */
final class FunctionCaller implements Caller {
  private final FunctionProcess process;
  private final List<byte[]> events;
  private final String expected;

  /**
   * Starts the environment.
   *
   * @param expected stands in each answer
   */
  FunctionCaller(FunctionProcess.Starter starter, List<byte[]> events, String expected)
      throws IOException {
    this.process = new FunctionProcess(starter);
    this.events = List.copyOf(events);
    this.expected = expected;
    process.stayAwake();
  }

  @Override
  public List<Double> run(int calls) throws IOException {
    var durations = new ArrayList<Double>();
    for (var call = 0; call < calls; call++) {
      durations.add(process.call(events.get(call % events.size()), expected).toNanos() / 1e6);
    }
    return durations;
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
