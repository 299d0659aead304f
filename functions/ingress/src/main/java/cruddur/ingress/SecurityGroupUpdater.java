package cruddur.ingress;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import cruddur.database.Database;
import cruddur.lambda.Failures;
import cruddur.lambda.HttpHandler;
import cruddur.lambda.HttpRequest;
import cruddur.lambda.HttpResponse;
import cruddur.lambda.JsonObject;
import cruddur.lambda.Metrics;
import cruddur.lambda.SnapStart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * Opens the database to a workspace's address for some hours. Then it closes the address, and ends
 * the sessions from there. The HTTP API calls it, {@code PUT|DELETE /api/ingress/{workspace}} and
 * {@code GET /api/ingress}, signed by IAM: the address is the request's source, the owner its
 * caller. An administrator calls it directly: {@code {"action": "open"|"close"|"list", "workspace",
 * "owner", "address", "hours"}}. A schedule calls it to close expired leases; the metric {@code
 * Overdue} is the time since the first of these expired. The response is {@link Change#json}.
 */
public final class SecurityGroupUpdater implements RequestStreamHandler {
  private final SecurityGroup group;
  private final Database database;
  private final InstantSource clock;

  /**
   * Takes the group from the environment variable {@code SECURITY_GROUP_ID}, the database from
   * {@code CONNECTION_URL}, and the EC2 API from the SDK's own settings.
   */
  public SecurityGroupUpdater() {
    this(
        new SecurityGroup(ec2(), System.getenv().getOrDefault("SECURITY_GROUP_ID", "")),
        new Database(),
        InstantSource.system());
    SnapStart.register(this::prime, database, "security-group-updater-list.json");
  }

  SecurityGroupUpdater(SecurityGroup group, Database database, InstantSource clock) {
    this.group = group;
    this.database = database;
    this.clock = clock;
  }

  /**
   * A client with the environment's region and credentials, for AWS or the endpoint of the SDK's
   * settings (AWS SDKs and Tools Reference Guide, "Service-specific endpoints").
   */
  static Ec2Client ec2() {
    var builder =
        Ec2Client.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(
                settings ->
                    settings
                        .retryStrategy(RetryMode.STANDARD)
                        .apiCallTimeout(Duration.ofSeconds(8))
                        .apiCallAttemptTimeout(Duration.ofSeconds(3)));
    var client = builder.build();
    // Without NAT, only the dual-stack endpoint is reachable. The SDK refuses it with an override.
    return client.serviceClientConfiguration().endpointOverride().isPresent()
        ? client
        : builder.dualstackEnabled(true).build();
  }

  /**
   * Handles one event.
   *
   * @throws RefusedException if a command that is not from the HTTP API is invalid or fails
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Metrics.countColdStart(context);
    var event =
        JsonObject.parse(input.readAllBytes())
            .orElseThrow(() -> new RefusedException(400, List.of("json_malformed")));
    if (event.hasObject("requestContext", "http")) {
      HttpHandler.respond(event, output, context, this::respond);
    } else {
      var response = execute(Command.parse(event, context.getAwsRequestId()), context);
      output.write(response.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A priming call. It also ends the sessions from an address that no client has. */
  void prime(InputStream input, OutputStream output, Context context) throws IOException {
    new Sessions(database, context).end(List.of("0.0.0.0"));
    handleRequest(input, output, context);
  }

  private HttpResponse respond(HttpRequest request, Context context) {
    try {
      return HttpResponse.ok(execute(Command.parse(request), context));
    } catch (RefusedException refused) {
      return refused.response();
    }
  }

  private String execute(Command command, Context context) {
    var log = context.getLogger();
    var sessions = new Sessions(database, context);
    // These lines are the audit. Each has the caller, inside the command.
    Consumer<List<Change>> audit = all -> log.log(command + " " + Change.json(all), LogLevel.INFO);
    try {
      var changes = new Ingress(group, sessions, clock, audit).execute(command);
      if (command instanceof Command.Sweep) {
        Metrics.measure(context, "Overdue", "Seconds", overdue(changes).toSeconds());
      }
      return Change.json(changes);
    } catch (RefusedException refused) {
      var cause = refused.getMessage() + " " + Failures.describe(refused);
      log.log(command + " " + cause, LogLevel.ERROR);
      throw refused;
    }
  }

  /** The time since the first of these leases expired; zero if there is none. */
  private Duration overdue(List<Change> closed) {
    return closed.stream()
        .map(change -> change.lease().expiresAt())
        .filter(expiresAt -> !expiresAt.equals(Rule.UNREADABLE))
        .min(Comparator.naturalOrder())
        .map(first -> Duration.between(first, clock.instant()))
        .orElse(Duration.ZERO);
  }
}
