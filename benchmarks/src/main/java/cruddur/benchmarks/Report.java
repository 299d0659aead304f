package cruddur.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The findings as text, JSON, plots and a web page. */
final class Report {
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
    var plots = new StringBuilder();
    for (var each : findings) {
      for (var chart : each.charts()) {
        writePlot(chart, folder);
        plots.append(Plot.of(chart));
      }
    }
    Files.writeString(
        folder.resolve("index.html"),
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Benchmarks</title>\n%s<pre>%s</pre>\n"
            .formatted(plots, Plot.escaped(text())));
  }

  /**
   * Replaces the text between each benchmark's two comments. {@code docs/benchmarks.md} gets all
   * findings below the benchmark's first plot. The README gets the summary, if there is one, and
   * the plot of {@code cold}.
   */
  void publish(Path root) throws IOException {
    var docs = root.resolve("docs");
    var machine = "\n" + hardware.describe() + "; " + runs + " runs of each, in turn.\n";
    for (var each : findings) {
      var first = each.charts().getFirst();
      writePlot(first, docs);
      var plot = each.name().equals("cold") ? picture(first, "docs/") + "\n" : "";
      var summary = String.join("\n", each.summary()) + "\n";
      if (!each.summary().isEmpty()) {
        replace(root.resolve("README.md"), each, plot + summary);
      }
      replace(
          docs.resolve("benchmarks.md"), each, machine + picture(first, "") + text(each) + "\n");
    }
  }

  private static void replace(Path file, Findings findings, String result) throws IOException {
    var text = Files.readString(file);
    var first = "<!-- bin/bench %s --publish -->\n".formatted(findings.name());
    var begin = text.indexOf(first) + first.length();
    var end = text.indexOf(END, begin);
    if (begin < first.length() || end < begin) {
      throw new IOException(file + " lacks the comments " + first.strip() + " and " + END);
    }
    Files.writeString(file, text.substring(0, begin) + result + text.substring(end));
  }

  private static String picture(Chart chart, String folder) {
    return "\n![%s](%s%s.svg)\n".formatted(chart.title(), folder, chart.id());
  }

  private static void writePlot(Chart chart, Path folder) throws IOException {
    Files.writeString(folder.resolve(chart.id() + ".svg"), Plot.of(chart));
  }

  String text() {
    var text = new StringBuilder();
    text.append("Machine: ").append(hardware.describe()).append('\n');
    text.append("Runs: ").append(runs).append(" of each, in turn\n");
    findings.forEach(each -> text.append(text(each)));
    return text.toString();
  }

  private static String text(Findings found) {
    var text = new StringBuilder();
    for (var chart : found.charts()) {
      text.append('\n').append(Tables.of(chart));
    }
    found.tables().forEach(table -> text.append('\n').append(table));
    if (!found.limits().isEmpty()) {
      text.append('\n').append(Tables.of(found.limits()));
    }
    text.append('\n');
    found.notes().forEach(note -> text.append("- ").append(note).append('\n'));
    return text.toString();
  }
}
