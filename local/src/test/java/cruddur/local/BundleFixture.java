package cruddur.local;

import com.fasterxml.jackson.databind.JsonNode;
import cruddur.local.fixtures.Ec2Stub;
import cruddur.local.template.Json;
import cruddur.postgres.FileTree;
import cruddur.postgres.LocalDatabase;
import cruddur.testbed.EmulatorPorts;
import cruddur.testbed.Http;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The fixture of the bundle's tests: the emulator with the packaged jars and template.yaml. It
 * starts once for all tests of a JVM, and stops with the JVM.
 */
public final class BundleFixture implements LocalDatabase {
  /** The repository. */
  public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static @Nullable BundleFixture running;

  private final EmulatorPorts ports = EmulatorPorts.free();
  private final Ec2Stub ec2 = new Ec2Stub();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Path data;
  private final Emulator emulator;

  private BundleFixture(Path data) throws IOException {
    this.data = data;
    var arguments = new ArrayList<>(ports.options());
    arguments.addAll(List.of("--data", data.toString()));
    var options = Options.parse(arguments.toArray(new String[0]), Map.of());
    emulator = new Emulator(ROOT, options, Map.of("AWS_ENDPOINT_URL_EC2", ec2.address()), log::add);
  }

  /** The fixture, which the first call starts. */
  public static synchronized BundleFixture running() throws IOException {
    var bundle = running;
    if (bundle == null) {
      bundle = new BundleFixture(Files.createTempDirectory("bundle"));
      Runtime.getRuntime().addShutdownHook(new Thread(bundle::stop));
      bundle.emulator.start();
      running = bundle;
    }
    return bundle;
  }

  private void stop() {
    emulator.close();
    ec2.close();
    FileTree.delete(data);
  }

  /** Its ports. */
  public EmulatorPorts ports() {
    return ports;
  }

  /** The folder for the data and the logs of all processes. */
  public Path data() {
    return data;
  }

  /** The EC2 API of the updater. */
  public Ec2Stub ec2() {
    return ec2;
  }

  /** The functions' log so far; each line begins with the function's name. */
  public String log() {
    return String.join("", log);
  }

  /** Calls a function by the Invoke API. */
  public HttpResponse<String> invoke(String function, byte[] event)
      throws IOException, InterruptedException {
    return Http.send(
        "POST",
        "http://127.0.0.1:%d/2015-03-31/functions/%s/invocations"
            .formatted(ports.invoke(), function),
        event);
  }

  /** Signs a user in and returns the tokens. */
  public JsonNode tokens(String user) throws IOException, InterruptedException {
    return tokens(
        Map.of(
            "grant_type", "password",
            "client_id", "local",
            "username", user,
            "password", "-",
            "scope", "openid"));
  }

  /** Sends a form to the token endpoint and returns the response. */
  public JsonNode tokens(Map<String, String> form) throws IOException, InterruptedException {
    var address = "http://127.0.0.1:" + ports.identity() + "/cruddur/token";
    return Json.parse(Http.post(address, form).body());
  }

  /** The port of the database. */
  @Override
  public int port() {
    return ports.postgres();
  }
}
