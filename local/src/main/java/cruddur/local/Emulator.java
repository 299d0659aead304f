package cruddur.local;

import cruddur.local.Options.Part;
import cruddur.local.cognito.Identity;
import cruddur.local.cognito.PageOrigins;
import cruddur.local.cognito.SignIns;
import cruddur.local.gateway.HttpApi;
import cruddur.local.gateway.StaticFiles;
import cruddur.local.lambda.Ec2Endpoint;
import cruddur.local.lambda.Functions;
import cruddur.local.lambda.InvokeApi;
import cruddur.local.lambda.Outcome;
import cruddur.local.lambda.Schedules;
import cruddur.local.template.Json;
import cruddur.local.template.LocalAccount;
import cruddur.local.template.Template;
import cruddur.postgres.Bridge;
import cruddur.postgres.Postgres;
import cruddur.postgres.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Everything that {@code bin/local} runs: the database, the functions, the user pool, the two APIs
 * and the schedules.
 */
final class Emulator implements AutoCloseable {
  private final Path root;
  private final Options options;
  private final Map<String, String> variables;
  private final Consumer<String> log;
  private final PageOrigins origins;
  private final Optional<Ec2Endpoint> ec2;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private boolean closed;

  /**
   * Prepares to run.
   *
   * @param root the folder that holds {@code template.yaml}
   * @param variables environment variables; they set the page's origin and the functions' AWS
   *     settings, such as the EC2 API
   * @param log takes the log of each call, a line or more
   * @throws IllegalArgumentException when the page's origin is invalid, or containers cannot reach
   *     the EC2 API
   */
  Emulator(Path root, Options options, Map<String, String> variables, Consumer<String> log) {
    this.root = root;
    this.options = options;
    this.variables = variables;
    this.log = log;
    this.origins = PageOrigins.of(options.port(Part.HTTP), variables);
    this.ec2 = options.containers() ? Ec2Endpoint.of(variables) : Optional.empty();
  }

  /** Starts everything. On return, every part answers. */
  void start() {
    var template = Template.read(root.resolve("template.yaml"));
    // These fail for what is not emulated, so they come before anything starts.
    var api = template.httpApi();
    var migrator = template.migrator();
    var pageHeaders = template.pageHeaders();
    var bridge =
        options.containers() ? Optional.of(Bridge.of(Bridge.DOCKER)) : Optional.<Bridge>empty();
    var postgres =
        run(
            Part.POSTGRES,
            () ->
                Postgres.toMigrate(
                    options.data().resolve("postgres"), options.port(Part.POSTGRES), bridge));
    bridge.ifPresent(this::offerEc2);
    var functions =
        run(
            () ->
                new Functions(
                    template.functions(),
                    root,
                    options.data(),
                    _ -> "127.0.0.1:" + postgres.port() + "/cruddur",
                    variables,
                    log));
    migrate(functions, migrator);
    if (postgres.hasNoUsers()) {
      postgres.seed();
    }
    postgres.admit(bridge);

    run(Part.INVOKE, () -> new InvokeApi(functions, options.port(Part.INVOKE)));
    var signIns = new SignIns(functions);
    var identity =
        run(Part.IDENTITY, () -> new Identity(signIns, origins, options.port(Part.IDENTITY)));
    run(
        Part.HTTP,
        () ->
            new HttpApi(
                api,
                functions,
                identity.issuer(),
                origins.all(),
                page(pageHeaders, identity.issuer()),
                identity::find,
                options.port(Part.HTTP)));
    var hasEc2 = Ec2Endpoint.address(variables).isPresent();
    run(() -> new Schedules(functions, hasEc2, options.scheduleSpeed()));
    origins
        .forwardedText()
        .ifPresent(origin -> System.err.println("the page is forwarded as " + origin));
  }

  /** Calls the migrator before any other function runs, as the stack's custom resource does. */
  private static void migrate(Functions functions, String migrator) {
    System.err.println("migrating the database");
    switch (functions.invoke(migrator, "{}".getBytes(StandardCharsets.UTF_8))) {
      case Outcome.Answered _ -> {}
      case Outcome.Failed(var payload, _) ->
          throw new IllegalStateException(Json.parse(payload).path("errorMessage").asText());
      // Nothing else calls functions yet, so the pool is not full but closed.
      case Outcome.Throttled _ -> throw new IllegalStateException("stopped while starting");
    }
  }

  /** Makes this machine's EC2 API, if there is one, available to containers at the same port. */
  private void offerEc2(Bridge bridge) {
    if (ec2.isPresent()) {
      var port = ec2.get().port();
      var address = new InetSocketAddress(bridge.address(), port);
      var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      run(() -> Proxy.between(address, target));
    }
  }

  /** The home page. Its endpoints have no host, since the page can have several origins. */
  private StaticFiles page(Map<String, String> headers, String issuer) {
    var endpoints = "/" + Identity.POOL;
    var configuration =
        Json.object()
            .put("api", "")
            .put("issuer", issuer)
            .put("client_id", LocalAccount.CLIENT)
            .put("authorization_endpoint", endpoints + "/authorize")
            .put("sign_up_endpoint", endpoints + "/signup")
            .put("token_endpoint", endpoints + "/token")
            .put("revocation_endpoint", endpoints + "/revoke")
            .put("end_session_endpoint", endpoints + "/logout");
    return new StaticFiles(
        root.resolve("web"), configuration.toString().getBytes(StandardCharsets.UTF_8), headers);
  }

  private <T extends AutoCloseable> T run(Part part, Supplier<T> starter) {
    System.err.printf("starting %s on 127.0.0.1:%d%n", part.title, options.port(part));
    return run(starter);
  }

  /** Holds the lock while a part starts. So {@link #close} waits for the part and stops it too. */
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
      // The others must stop too.
      System.err.println("did not stop cleanly: " + failure);
    }
  }
}
