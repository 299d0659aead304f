package cruddur.benchmarks;

import java.util.List;

/**
 * What a benchmark found.
 *
 * @param name of the benchmark, as the command line has it
 * @param notes what the reader must know of how it was measured, or what was left out
 */
record Findings(String name, List<Chart> charts, List<Bar> bars, List<String> notes) {
  Findings {
    charts = List.copyOf(charts);
    bars = List.copyOf(bars);
    notes = List.copyOf(notes);
  }
}
