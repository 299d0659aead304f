package cruddur.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process of {@link BareLoop}, which is woken for each call as a function is. */
final class BareLoopProcess implements Caller {
  private final Process process;
  private final OutputStream input;
  private final BufferedReader output;

  BareLoopProcess(List<String> command, ProcessorShare share) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    share.take(process);
    input = process.getOutputStream();
    output = process.inputReader();
  }

  @Override
  public List<Double> run(int calls, Duration pace) throws IOException {
    var durations = new ArrayList<Double>();
    var ticks = new Pace(pace);
    for (var call = 0; call < calls; call++) {
      ticks.await();
      input.write((call + "\n").getBytes(StandardCharsets.US_ASCII));
      input.flush();
      durations.add(answer() / 1e6);
    }
    return durations;
  }

  private long answer() throws IOException {
    // As RuntimeApi waits for a function, or the loop would have a processor more.
    while (process.getInputStream().available() == 0 && process.isAlive()) {
      Thread.onSpinWait();
    }
    var line = output.readLine();
    if (line == null) {
      throw new IOException("the bare loop ended");
    }
    return Long.parseLong(line);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
