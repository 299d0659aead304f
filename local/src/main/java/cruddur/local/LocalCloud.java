package cruddur.local;

import static java.util.stream.Collectors.toMap;

import cruddur.local.Options.Part;
import cruddur.testbed.Postgres;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Supplier;

/** Everything that runs: the database, the functions, the user pool and the two APIs. */
final class LocalCloud implements AutoCloseable {
  private final Path root;
  private final Options options;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private boolean closed;

  /**
   * Prepares to run.
   *
   * @param root the folder that holds {@code template.yaml}
   */
  LocalCloud(Path root, Options options) {
    this.root = root;
    this.options = options;
  }

  /** Starts everything; on return all of it answers. */
  void start() {
    var template = Template.read(root.resolve("template.yaml"));
    var postgres =
        run(
            Part.POSTGRES,
            () ->
                Postgres.persistent(
                    options.data().resolve("postgres"), options.port(Part.POSTGRES)));
    var definitions = template.functions();
    var functions = run(() -> functions(template, postgres.port()));
    run(Part.INVOKE, () -> new InvokeApi(functions, options.port(Part.INVOKE)));

    var signIns = new SignIns(functions, definitions);
    var identity = run(Part.IDENTITY, () -> new Identity(signIns, options.port(Part.IDENTITY)));
    run(Part.HTTP, () -> httpApi(template, functions, identity.issuer()));
  }

  private Functions functions(Template template, int postgresPort) {
    var surroundings =
        new Launcher.Surroundings(
            RuntimeClient.unpack(
                root.resolve("local/target/runtime"), options.data().resolve("runtime")),
            "127.0.0.1:" + postgresPort + "/cruddur",
            System.getenv());
    return new Functions(template.functions(), options.data(), surroundings);
  }

  private HttpApi httpApi(Template template, Functions functions, String issuer) {
    var definition = template.httpApi();
    var routes =
        template.functions().stream().flatMap(function -> function.routes().stream()).toList();
    var authorizers =
        definition.audiences().entrySet().stream()
            .collect(
                toMap(
                    Map.Entry::getKey,
                    entry ->
                        new JwtAuthorizer(issuer, URI.create(issuer + "/jwks"), entry.getValue())));
    return new HttpApi(
        new Routes(routes),
        authorizers,
        new CorsPolicy(definition.cors()),
        page(template, issuer),
        functions,
        options.port(Part.HTTP));
  }

  private StaticFiles page(Template template, String issuer) {
    var configuration =
        Json.object()
            .put("api", "")
            .put("issuer", issuer)
            .put("client_id", Machine.CLIENT)
            .put("authorization_endpoint", issuer + "/authorize")
            .put("sign_up_endpoint", issuer + "/signup")
            .put("token_endpoint", issuer + "/token")
            .put("end_session_endpoint", issuer + "/logout");
    var identityOrigin = issuer.substring(0, issuer.lastIndexOf('/'));
    return new StaticFiles(
        root.resolve("web"),
        configuration.toString().getBytes(StandardCharsets.UTF_8),
        template.pageHeaders(identityOrigin));
  }

  private <T extends AutoCloseable> T run(Part part, Supplier<T> starter) {
    System.err.printf("starting %s on 127.0.0.1:%d%n", part.title, options.port(part));
    return run(starter);
  }

  /** Holds the lock while a part starts, so that closing waits for it and then stops it too. */
  private synchronized <T extends AutoCloseable> T run(Supplier<T> starter) {
    if (closed) {
      throw new IllegalStateException("stopped while starting");
    }
    var part = starter.get();
    running.push(part);
    return part;
  }

  /** Stops everything that has started, the last first. */
  @Override
  public synchronized void close() {
    closed = true;
    while (!running.isEmpty()) {
      close(running.pop());
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception failure) {
      // The others are to stop all the same.
      System.err.println("did not stop cleanly: " + failure);
    }
  }
}
