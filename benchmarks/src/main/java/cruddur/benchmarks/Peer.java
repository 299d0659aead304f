package cruddur.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * CreateActivity in another language: the honest few lines of {@code benchmarks/peers/}.
 *
 * @param name with the driver
 * @param command starts it, in its own folder
 */
record Peer(String name, List<String> command) {
  private static final Path FOLDER = Path.of("benchmarks/peers");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Those that can run here. */
  static List<Peer> all(Path root) {
    return Stream.of(python(root), node(root)).flatMap(Optional::stream).toList();
  }

  /** Python, where a psycopg can be imported. */
  private static Optional<Peer> python(Path root) {
    return Stream.of("/usr/bin/python3", "python3")
        .flatMap(
            python -> Stream.of("psycopg2", "psycopg").map(driver -> python(root, python, driver)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Peer> python(Path root, String python, String driver) {
    return works(root, python, "-c", "import " + driver)
        ? Optional.of(new Peer("Python + " + driver, List.of(python, "create.py")))
        : Optional.empty();
  }

  /** Node, where it is installed and npm has fetched pg. */
  private static Optional<Peer> node(Path root) {
    return works(root, "node", "-e", "import('pg')")
        ? Optional.of(new Peer("Node + pg", List.of("node", "create.mjs")))
        : Optional.empty();
  }

  private static boolean works(Path root, String... command) {
    try {
      var process =
          new ProcessBuilder(command)
              .directory(root.resolve(FOLDER).toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A start of it with a database. */
  FunctionProcess.Starter on(Bundle bundle) {
    return new FunctionProcess.Starter(command(bundle), TIMEOUT);
  }

  private FunctionProcess.Starter.Command command(Bundle bundle) {
    return (runtimeApi, output) -> {
      var builder =
          new ProcessBuilder(command)
              .directory(bundle.root().resolve(FOLDER).toFile())
              .redirectErrorStream(true)
              .redirectOutput(output);
      builder
          .environment()
          .putAll(
              Map.of(
                  "AWS_LAMBDA_RUNTIME_API", runtimeApi,
                  "CONNECTION_URL", bundle.url(Bundle.ROLE),
                  "POSTS_LIMIT", Integer.toString(Bundle.POSTS),
                  "SQL_FILE", bundle.root().resolve("sql/activities/create.sql").toString()));
      return builder.start();
    };
  }
}
