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
  private static final String BEGIN = "<!-- bin/bench all --publish -->\n";
  private static final String END = "<!-- until here -->";

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

  /**
   * Puts the result into the README: between the two comments that say so, and the first plot of
   * each benchmark into {@code docs/}.
   */
  void publish(Path root) throws IOException {
    var readme = root.resolve("README.md");
    var text = Files.readString(readme);
    var begin = text.indexOf(BEGIN) + BEGIN.length();
    var end = text.indexOf(END);
    if (begin < BEGIN.length() || end < begin) {
      throw new IOException("README.md has no place between " + BEGIN + " and " + END);
    }
    Files.createDirectories(root.resolve("docs"));
    var section =
        new StringBuilder("\n" + hardware.describe() + "; " + runs + " runs of each, in turn.\n");
    for (var each : findings) {
      var chart = each.charts().getFirst();
      Files.writeString(root.resolve("docs/" + chart.id() + ".svg"), Plot.of(chart));
      section.append("\n![%s](docs/%s.svg)\n\n".formatted(chart.title(), chart.id()));
      section.append(Tables.of(each.bars()));
    }
    Files.writeString(readme, text.substring(0, begin) + section + text.substring(end));
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
