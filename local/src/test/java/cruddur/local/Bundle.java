package cruddur.local;

import cruddur.local.Options.Part;
import cruddur.local.fixtures.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The whole bundle, running: the packaged jars under AWS's runtime client, as template.yaml
 * describes them. It starts once for all tests that share it, and stops with the JVM.
 */
final class Bundle {
  static final Path ROOT = Path.of("..");

  private static @Nullable Bundle running;

  private final Options options;
  private final Ec2Stub ec2 = new Ec2Stub();
  private final LocalCloud cloud;
  private final List<String> log = new CopyOnWriteArrayList<>();

  private Bundle(Path data) throws IOException {
    options = new Options(EndToEndTest.freePorts(), data, false, 1);
    cloud = new LocalCloud(ROOT, options, Map.of("AWS_ENDPOINT_URL_EC2", ec2.address()), log::add);
  }

  /** The bundle, which the first call starts. */
  static synchronized Bundle running() throws IOException {
    var bundle = running;
    if (bundle == null) {
      bundle = new Bundle(Files.createTempDirectory("bundle"));
      Runtime.getRuntime().addShutdownHook(new Thread(bundle::stop));
      bundle.cloud.start();
      running = bundle;
    }
    return bundle;
  }

  private void stop() {
    cloud.close();
    ec2.close();
    try (var files = Files.walk(options.data())) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The TCP port of a part. */
  int port(Part part) {
    return options.port(part);
  }

  /** The EC2 API that the updater uses. */
  Ec2Stub ec2() {
    return ec2;
  }

  /** All that the functions have logged, each line behind the function's name. */
  String log() {
    return String.join("", log);
  }

  /** Calls a function by the Invoke API. */
  HttpResponse<String> invoke(String function, byte[] event)
      throws IOException, InterruptedException {
    return Http.send(
        "POST",
        "http://127.0.0.1:%d/2015-03-31/functions/%s/invocations"
            .formatted(port(Part.INVOKE), function),
        event);
  }

  /** The first value that a query finds. */
  String value(String query) throws SQLException {
    try (var connection = DriverManager.getConnection(jdbc(), "postgres", "postgres");
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Runs a command in the database as its superuser. */
  void execute(String command) throws SQLException {
    try (var connection = DriverManager.getConnection(jdbc(), "postgres", "postgres");
        var statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  private String jdbc() {
    return "jdbc:postgresql://127.0.0.1:" + port(Part.POSTGRES) + "/cruddur";
  }
}
