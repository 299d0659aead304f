package cruddur.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Calls one environment with some events in turn. */
final class FunctionCaller implements Caller {
  private final FunctionProcess process;
  private final List<byte[]> events;
  private final String expected;

  /**
   * Calls an environment, which is closed with this.
   *
   * @param expected stands in each answer
   */
  FunctionCaller(FunctionProcess process, List<byte[]> events, String expected) {
    this.process = process;
    this.events = List.copyOf(events);
    this.expected = expected;
    process.stayAwake();
  }

  @Override
  public List<Double> run(int calls, Duration pace) throws IOException {
    var durations = new ArrayList<Double>();
    var ticks = new Pace(pace);
    for (var call = 0; call < calls; call++) {
      ticks.await();
      durations.add(process.call(events.get(call % events.size()), expected).toNanos() / 1e6);
    }
    return durations;
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
