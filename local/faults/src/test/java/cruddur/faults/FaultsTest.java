package cruddur.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The promise that README makes, fault by fault. */
class FaultsTest {
  static final boolean LONG = Boolean.getBoolean("faults.long");

  private static final boolean KEYS = !"keys".equals(System.getenv("FAULTS_WITHOUT"));

  @TempDir static Path folder;
  private static final StringBuilder TABLE = new StringBuilder(Result.heading());
  private static Scene scene;

  @BeforeAll
  static void start() throws Exception {
    var server = Server.start(folder.resolve("postgres"), "-c max_connections=40");
    scene = Scene.open(folder, server, server.port(), "", Map.of(), LONG ? 6 : 4);
  }

  @AfterAll
  static void stop() throws Exception {
    scene.close();
    Files.writeString(Path.of("target", "faults.md"), TABLE);
    System.out.print(TABLE);
  }

  static List<Fault> faults() {
    return Fault.all().stream().filter(fault -> LONG || fault.brief()).toList();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void nothingIsLostOrDoubledAndServiceIsBackInFiveSeconds(Fault fault) throws Exception {
    var result = scene.play(fault, KEYS);
    TABLE.append(result.row());
    assertEquals(List.of(), result.broken());
  }
}
