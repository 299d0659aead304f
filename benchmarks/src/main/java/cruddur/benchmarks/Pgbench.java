package cruddur.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** PostgreSQL's own benchmark, on the files of {@code sql/}. */
record Pgbench(String program) {
  /** The one that is installed, if there is one. */
  static Optional<Pgbench> find() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(folder -> Path.of(folder, "pgbench"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(path -> new Pgbench(path.toString()));
  }

  /** Runs a file of {@code sql/}, on a connection of its own for each block of calls. */
  Caller on(Bundle bundle, String file) {
    return new Caller() {
      @Override
      public List<Double> run(int calls) throws IOException {
        return Pgbench.this.run(bundle, file, calls);
      }

      @Override
      public void close() {}
    };
  }

  private List<Double> run(Bundle bundle, String file, int times) throws IOException {
    var folder = Files.createTempDirectory("pgbench");
    var script = folder.resolve("script.sql");
    // pgbench knows no null, and of a uuid only the digits.
    Files.writeString(
        script,
        "\\set key random(1, 9223372036854775807)\n\\set author random(0, %d)\n"
                .formatted(Bundle.AUTHOR_COUNT - 1)
            + Files.readString(bundle.root().resolve("sql").resolve(file))
                .replace(":uuid", "lpad(to_hex(cast(:key as bigint)), 32, '0')")
                .replace(
                    ":cognito_user_id",
                    "('%s' || lpad(cast(:author as text), 3, '0'))".formatted(Bundle.AUTHORS))
                .replace(":idempotency_key", "null")
                .replace(":before", "null")
            + ";\n");
    var command =
        List.of(
            program,
            "-n",
            "-M",
            "prepared",
            "-c",
            "1",
            "-t",
            Integer.toString(times),
            "-D",
            "window=300",
            "-D",
            "posts=" + Bundle.POSTS,
            "-D",
            "message=Faith-manages.",
            "-D",
            "life=604800",
            "-D",
            "limit=20",
            "-l",
            "--log-prefix=" + folder.resolve("log"),
            "-f",
            script.toString(),
            bundle.url(Bundle.ROLE));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var milliseconds = new ArrayList<Double>();
    try (var logs = Files.newDirectoryStream(folder, "log*")) {
      for (var log : logs) {
        // client, transaction, microseconds, ...
        Files.readAllLines(log)
            .forEach(line -> milliseconds.add(Long.parseLong(line.split(" ", 4)[2]) / 1e3));
      }
    }
    if (milliseconds.size() < times) {
      throw new IOException(said);
    }
    return milliseconds;
  }
}
