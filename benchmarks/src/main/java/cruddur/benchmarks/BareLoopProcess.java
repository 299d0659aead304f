package cruddur.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** A process of {@link BareLoop}, started as the managed runtime starts a JVM. */
final class BareLoopProcess implements Caller {
  private final Process process;
  private final BufferedWriter input;
  private final BufferedReader output;

  BareLoopProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    input = process.outputWriter();
    output = process.inputReader();
  }

  @Override
  public List<Double> run(int times) throws IOException {
    input.write(times + "\n");
    input.flush();
    // As RuntimeApiServer waits for a function, or the loop would have a processor more.
    while (process.getInputStream().available() == 0 && process.isAlive()) {
      Thread.onSpinWait();
    }
    var line = output.readLine();
    if (line == null) {
      throw new IOException("the bare loop ended");
    }
    return Arrays.stream(line.strip().split(" ")).map(text -> Long.parseLong(text) / 1e6).toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
