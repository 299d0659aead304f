package cruddur.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** A process of {@link BareLoop}, started as the managed runtime starts a JVM. */
final class Loop implements AutoCloseable {
  private final Process process;
  private final BufferedWriter input;
  private final BufferedReader output;

  Loop(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    input = process.outputWriter();
    output = process.inputReader();
  }

  /** Runs the statement so many times, and returns what each took, milliseconds. */
  List<Double> run(int times) throws IOException {
    input.write(times + "\n");
    input.flush();
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
