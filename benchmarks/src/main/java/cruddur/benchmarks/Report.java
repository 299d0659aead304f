package cruddur.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the benchmarks found, as text, JSON, plots and a page. */
final class Report {
  private final Hardware hardware;
  private final int runs;
  private final List<Findings> findings;

  Report(Hardware hardware, int runs, List<Findings> findings) {
    this.hardware = hardware;
    this.runs = runs;
    this.findings = List.copyOf(findings);
  }

  /** Writes {@code results.json}, {@code index.html} and a plot for each chart. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(
            folder.resolve("results.json").toFile(),
            Map.of("machine", hardware, "runs", runs, "benchmarks", findings));
    for (var each : findings) {
      for (var chart : each.charts()) {
        Files.writeString(folder.resolve(chart.id() + ".svg"), Plot.of(chart));
      }
    }
    Files.writeString(folder.resolve("index.html"), new Page(hardware, runs, findings).html());
  }

  /** Tables in Markdown, which read as text too. */
  String text() {
    var text = new StringBuilder();
    text.append("Machine: ").append(hardware.describe()).append('\n');
    text.append("Runs: ").append(runs).append(" of each, in turn\n");
    for (var each : findings) {
      each.charts().forEach(chart -> text.append('\n').append(Tables.of(chart)));
      text.append('\n').append(Tables.of(each.bars()));
      each.notes().forEach(note -> text.append("- ").append(note).append('\n'));
    }
    return text.toString();
  }
}
