package cruddur.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * CreateActivity in another language, from {@code benchmarks/peers/}.
 *
 * @param name language and driver
 * @param command starts the program, in its folder
 * @param check succeeds if language and driver are installed
 */
record Peer(String name, List<String> command, List<String> check) {
  private static final Path FOLDER = Path.of("benchmarks/peers");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String PYTHON = "/usr/bin/python3";

  static List<Peer> installed(Path root) {
    return Stream.of(
            new Peer(
                "Python + psycopg2",
                List.of(PYTHON, "create.py"),
                List.of(PYTHON, "-c", "import psycopg2")),
            new Peer(
                "Node + pg", List.of("node", "create.mjs"), List.of("node", "-e", "import('pg')")))
        .filter(peer -> peer.isInstalled(root))
        .toList();
  }

  private boolean isInstalled(Path root) {
    try {
      var process = builder(check, root).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static ProcessBuilder builder(List<String> command, Path root) {
    return new ProcessBuilder(command)
        .directory(root.resolve(FOLDER).toFile())
        .redirectErrorStream(true);
  }

  /** A start of the program, with the bundle's database. */
  FunctionProcess.Starter starter(Bundle bundle) {
    return new FunctionProcess.Starter(
        (runtimeApi, output) -> {
          var builder = builder(command, bundle.root()).redirectOutput(output);
          builder
              .environment()
              .putAll(
                  Map.of(
                      "AWS_LAMBDA_RUNTIME_API", runtimeApi,
                      "CONNECTION_URL", bundle.url(Bundle.ROLE),
                      "POSTS_LIMIT", Integer.toString(Bundle.POST_LIMIT),
                      "SQL_FILE", bundle.root().resolve("sql/activities/create.sql").toString()));
          return builder.start();
        },
        TIMEOUT);
  }
}
