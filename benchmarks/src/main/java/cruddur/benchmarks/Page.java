package cruddur.benchmarks;

import java.util.List;

/** The results on one page, which needs no other file. */
final class Page {
  private final Hardware hardware;
  private final int runs;
  private final List<Findings> findings;

  Page(Hardware hardware, int runs, List<Findings> findings) {
    this.hardware = hardware;
    this.runs = runs;
    this.findings = findings;
  }

  String html() {
    var html = new StringBuilder();
    html.append(
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>Cruddur's benchmarks</title>
        <style>
        body { font: 15px/1.5 sans-serif; max-width: 780px; margin: 2em auto; color: #222 }
        table { border-collapse: collapse } td, th { border: 1px solid #ccc; padding: 2px 8px; text-align: left }
        .no { background: #f7d4d4 }
        </style>
        <h1>Cruddur's benchmarks</h1>
        <p>%s. %d runs of each contender, in turn.</p>
        """
            .formatted(escaped(hardware.describe()), runs));
    findings.forEach(each -> html.append(section(each)));
    return html.append("</html>\n").toString();
  }

  private static String section(Findings findings) {
    var html = new StringBuilder("<h2>" + escaped(findings.name()) + "</h2>\n");
    findings.notes().forEach(note -> html.append("<p>").append(escaped(note)).append("</p>\n"));
    findings.charts().forEach(chart -> html.append(Plot.of(chart)));
    findings.tables().forEach(table -> html.append("<pre>" + escaped(table) + "</pre>\n"));
    if (findings.limits().isEmpty()) {
      return html.toString();
    }
    html.append("<table>\n<tr><th>limit<th>measured<th>at most<th>holds\n");
    findings.limits().forEach(limit -> html.append(row(limit)));
    return html.append("</table>\n").toString();
  }

  private static String row(Limit limit) {
    return "<tr%s><td>%s<td>%s %s<td>%s %s<td>%s\n"
        .formatted(
            limit.holds() ? "" : " class=no",
            escaped(limit.claim()),
            Tables.number(limit.measured()),
            limit.unit(),
            Tables.number(limit.most()),
            limit.unit(),
            limit.holds() ? "yes" : "no");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
