package cruddur.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.local.Options.Part;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void prefersArgumentsToTheEnvironment() {
    var options =
        Options.parse(
            new String[] {"--http-port", "4000", "--data", "/elsewhere"},
            Map.of("HTTP_PORT", "5000", "INVOKE_PORT", "5001"));
    assertEquals(
        Map.of(Part.HTTP, 4000, Part.INVOKE, 5001, Part.IDENTITY, 3002, Part.POSTGRES, 54322),
        options.ports());
    assertEquals(Path.of("/elsewhere"), options.data());
    assertFalse(options.containers());
    assertEquals(1, options.scheduleSpeed());
  }

  @Test
  void takesASpeedForTheSchedules() {
    for (var speed : new String[] {"1", "7200", "60000"}) {
      var options = Options.parse(new String[] {"--schedule-speed", speed}, Map.of());
      assertEquals(Integer.parseInt(speed), options.scheduleSpeed());
    }
  }

  @Test
  void takesContainersWithoutAValue() {
    for (var arguments :
        new String[][] {{"--containers", "--data", "x"}, {"--data", "x", "--containers"}}) {
      var options = Options.parse(arguments, Map.of());
      assertTrue(options.containers());
      assertEquals(Path.of("x"), options.data());
    }
  }

  @Test
  void refusesInvalidArguments() {
    for (var arguments :
        new String[][] {
          {"--port", "1"},
          {"--http-port"},
          {"--http-port", "x"},
          {"--http-port", "0"},
          {"--http-port", "65536"},
          {"--schedule-speed"},
          {"--schedule-speed", "fast"},
          {"--schedule-speed", "0"},
          {"--schedule-speed", "0.5"},
          {"--schedule-speed", "60001"}
        }) {
      assertThrows(
          IllegalArgumentException.class, () -> Options.parse(arguments, Map.of()), arguments[0]);
    }
    var unknown =
        assertThrows(
            IllegalArgumentException.class, () -> Options.parse(new String[] {"run"}, Map.of()));
    assertEquals("unknown argument: run", unknown.getMessage());
  }

  @Test
  void namesATakenPort() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = Integer.toString(socket.getLocalPort());
      var problem = Options.parse(new String[0], Map.of("HTTP_PORT", port)).portProblem();
      assertTrue(
          problem.orElseThrow().contains("port " + port + ", for HTTP API, is taken"),
          problem.orElseThrow());
    }
    var twice = Options.parse(new String[0], Map.of("HTTP_PORT", "3009", "INVOKE_PORT", "3009"));
    assertTrue(twice.portProblem().orElseThrow().contains("both"));
  }
}
