package cruddur.benchmarks;

import java.util.List;

/**
 * The results of a benchmark.
 *
 * @param name of the benchmark, as on the command line
 * @param summary lines for the README
 * @param tables more tables, in Markdown, besides those of the charts
 * @param notes on the method
 */
record Findings(
    String name,
    List<String> summary,
    List<Chart> charts,
    List<String> tables,
    List<Limit> limits,
    List<String> notes) {
  Findings {
    summary = List.copyOf(summary);
    charts = List.copyOf(charts);
    tables = List.copyOf(tables);
    limits = List.copyOf(limits);
    notes = List.copyOf(notes);
  }
}
