package cruddur.testbed;

import java.io.IOException;
import java.util.List;

/** TCP ports on 127.0.0.1 for the parts of the emulator. */
public record EmulatorPorts(int http, int invoke, int identity, int postgres) {
  /** Four free ports. */
  public static EmulatorPorts free() throws IOException {
    var free = Machine.freePorts(4);
    return new EmulatorPorts(free.get(0), free.get(1), free.get(2), free.get(3));
  }

  /** All of them. */
  public List<Integer> all() {
    return List.of(http, invoke, identity, postgres);
  }

  /** The options of {@code bin/local} for the ports. */
  public List<String> options() {
    return List.of(
        "--http-port", Integer.toString(http),
        "--invoke-port", Integer.toString(invoke),
        "--identity-port", Integer.toString(identity),
        "--postgres-port", Integer.toString(postgres));
  }

  /** An address of the page's origin. */
  public String page(String path) {
    return "http://127.0.0.1:" + http + path;
  }
}
