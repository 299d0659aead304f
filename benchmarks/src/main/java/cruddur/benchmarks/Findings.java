package cruddur.benchmarks;

import java.util.List;

/**
 * What a benchmark found.
 *
 * @param name of the benchmark, as the command line has it
 * @param summary for the README, a line each
 * @param tables in Markdown, beside those of the charts
 * @param limits that the project sets, and what was measured
 * @param notes what the reader must know of how it was measured, or what was left out
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
