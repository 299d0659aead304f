package cruddur.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void everyContenderOfColdRespondsAndIsReported() throws Exception {
    assumeShares();
    Findings findings;
    try (var bundle = Bundle.start(ROOT)) {
      findings = new ColdStart(bundle, 512, 3).run(1);
    }
    var names = findings.charts().getFirst().series().stream().map(Series::name).toList();
    assertTrue(
        names.containsAll(List.of("create, restored, 1,769 MiB", "confirm, unprimed, 1,024 MiB")),
        names.toString());
    // On any machine, a primed call takes far less processor time than an unprimed one.
    var processor = findings.charts().get(2);
    assertTrue(
        processor.of("create, restored").median() < processor.of("create, unprimed").median() / 2,
        processor.toString());
    assertTrue(findings.tables().getFirst().contains("| 1,024 | 0.58 |"), findings.toString());

    new Report(Hardware.here(), 1, List.of(findings)).write(folder);
    var results = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
    assertEquals("cold", results.at("/benchmarks/0/name").asText());
    assertTrue(Files.readString(folder.resolve("index.html")).contains("<svg"));
    var plot =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("cold-response.svg").toFile());
    assertEquals("svg", plot.getDocumentElement().getTagName());
  }

  /** Skips a test on a machine that cannot limit a process to a share of a core. */
  private static void assumeShares() {
    var obstacle = ProcessorShare.obstacle();
    assumeTrue(obstacle.isEmpty(), obstacle.orElse(""));
  }

  @Test
  void aProcessGetsNoMoreThanItsShare() throws IOException {
    assumeShares();
    var spins = List.of("sh", "-c", "while :; do :; done");
    try (var share = ProcessorShare.create()) {
      var process = new ProcessBuilder(spins).start();
      try {
        share.take(process);
        share.limit(512);
        var begin = System.nanoTime();
        var before = share.used();
        while (share.used().minus(before).toMillis() < 100) {
          Thread.onSpinWait();
        }
        // With 0.29 of a core, 100 ms of processor time take 345 ms, and longer on a busy machine.
        var milliseconds = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(milliseconds > 250, milliseconds + " ms");
      } finally {
        process.destroyForcibly().onExit().join();
      }
    }
  }

  @Test
  void theBareLoopAndTheFunctionRunTheSameStatement() throws Exception {
    assumeShares();
    try (var bundle = Bundle.start(ROOT);
        var share = ProcessorShare.create();
        var loop = new BareLoopProcess(bundle.bareLoop("activities/create.sql"), share);
        var function = new FunctionProcess(bundle.onDemand("CreateActivityFunction"), share)) {
      assertEquals(3, loop.run(3, Duration.ofMillis(1)).size());
      function.call(bundle.event("create-activity.json"));
      assertEquals("4", bundle.value("select count(*) from activities"));
    }
  }

  @Test
  void quantilesLieBetweenTheValues() {
    var series = new Series("x", List.of(4.0, 1.0, 3.0, 2.0));
    assertEquals(2.5, series.median());
    assertEquals(1.75, series.quantile(0.25));
  }

  @Test
  void garbageLogSumsTheAllocationsBetweenCollections() {
    var log = "DefNew: 2262K(2432K)->86K(2432K) Eden\nx\nDefNew: 2286K(2432K)->10K(2432K) Eden";
    assertEquals(2262 + 2200, WarmPath.allocatedKilobytes(log));
  }

  @Test
  void aLimitHoldsUpToItsLargestValue() {
    assertTrue(new Limit("x", 1.6, 1.6, "").holds());
    assertFalse(new Limit("x", 1.61, 1.6, "").holds());
  }

  @Test
  void invalidArgumentsThrow() {
    var known = List.of("cold", "warm");
    assertEquals(
        List.of("warm"), Options.parse(List.of("warm", "--runs", "3"), known).benchmarks());
    for (var wrong :
        List.of(
            List.of("hot"),
            List.of("--runs"),
            List.of("--runs", "0"),
            List.of("--memory", "300"))) {
      assertThrows(IllegalArgumentException.class, () -> Options.parse(wrong, known));
    }
  }

  @Test
  void publishReplacesTheTextBetweenTheComments() throws IOException {
    var place = "a\n" + place("cold") + place("y") + place("z") + "b\n";
    var readme = Files.writeString(folder.resolve("README.md"), place);
    var docs = Files.createDirectory(folder.resolve("docs"));
    var whole = Files.writeString(docs.resolve("benchmarks.md"), place);
    new Report(Hardware.here(), 1, List.of(found("cold"), found("y"))).publish(folder);
    for (var page : List.of(readme, whole)) {
      var text = Files.readString(page);
      assertTrue(text.startsWith("a\n<!--") && text.endsWith(place("z") + "b\n"), text);
      assertEquals(page.equals(whole), text.contains("| limit of cold |"), text);
      assertEquals(page.equals(whole), text.contains("| base |") && text.contains("- note of y"));
      assertEquals(page.equals(whole), text.contains("table of y"), text);
      assertEquals(page.equals(readme), text.contains("- summary of y"), text);
    }
    assertTrue(Files.readString(readme).contains("(docs/cold-1.svg)"));
    assertFalse(Files.readString(readme).contains("(docs/y-1.svg)"));
    for (var plot : List.of("cold-1.svg", "y-1.svg")) {
      assertTrue(Files.readString(whole).contains("(" + plot + ")"), plot);
      assertTrue(Files.exists(docs.resolve(plot)), plot);
    }
    assertFalse(Files.exists(docs.resolve("cold-2.svg")));
  }

  private static String place(String name) {
    return "<!-- bin/bench " + name + " --publish -->\nstale\n<!-- until here -->\n";
  }

  private static Findings found(String name) {
    var charts =
        IntStream.rangeClosed(1, 2)
            .mapToObj(number -> name + "-" + number)
            .map(id -> new Chart(id, "X", "ms", List.of(new Series("base", List.of(1.0)))))
            .toList();
    var limits = List.of(new Limit("limit of " + name, 1, 2, ""));
    return new Findings(
        name,
        List.of("- summary of " + name),
        charts,
        List.of("table of " + name + "\n"),
        limits,
        List.of("note of " + name));
  }
}
