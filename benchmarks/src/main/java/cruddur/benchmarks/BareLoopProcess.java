package cruddur.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A process of {@link BareLoop}. It sleeps until each call, as a function does. */
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
  public Duration call(int number) throws IOException {
    input.write((number + "\n").getBytes(StandardCharsets.US_ASCII));
    input.flush();
    // A busy wait like that of RuntimeApi, so that both contenders have equally many free
    // processors.
    while (process.getInputStream().available() == 0 && process.isAlive()) {
      Thread.onSpinWait();
    }
    var line = output.readLine();
    if (line == null) {
      throw new IOException("the bare loop ended");
    }
    return Duration.ofNanos(Long.parseLong(line));
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
