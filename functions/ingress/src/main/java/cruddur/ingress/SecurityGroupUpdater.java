package cruddur.ingress;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import cruddur.database.Database;
import cruddur.events.Checked;
import cruddur.events.Failures;
import cruddur.events.HttpHandler;
import cruddur.events.HttpRequest;
import cruddur.events.HttpResponse;
import cruddur.events.JsonObject;
import cruddur.events.Metrics;
import cruddur.events.SnapStart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * Opens the database to a workspace's address, for some hours, and closes it again, with the
 * sessions that came from there. It is called in three ways:
 *
 * <ul>
 *   <li>by the HTTP API, {@code PUT|DELETE /api/ingress/{workspace}} and {@code GET /api/ingress},
 *       signed by IAM: the address is the one that the request comes from;
 *   <li>directly, with {@code {"action": "open"|"close"|"list", "workspace", "address", "hours"}};
 *   <li>by a schedule of EventBridge, to close what has expired; each such call that succeeds
 *       measures, as the metric {@code Overdue}, how late it was.
 * </ul>
 *
 * It answers with what it changed, see {@link Change#json}. What it cannot do the HTTP API is told
 * by status and an array of error codes; any other call fails, with a message that begins with the
 * same array.
 */
public final class SecurityGroupUpdater implements RequestStreamHandler {
  private static final Duration EC2_TIMEOUT = Duration.ofSeconds(8);
  private static final Duration EC2_ATTEMPT_TIMEOUT = Duration.ofSeconds(3);
  private static final String RETRY_AFTER_SECONDS = "2";
  private static final String DEFAULT_PORT = "5432";

  private final SecurityGroup group;
  private final Database database;
  private final InstantSource clock;

  /**
   * Takes the group from the environment variable {@code SECURITY_GROUP_ID}, the database's port
   * from {@code DATABASE_PORT} (5432 where it is not set), the database itself from {@code
   * CONNECTION_URL}, and another EC2 API than AWS's from {@code AWS_ENDPOINT_URL_EC2}.
   */
  public SecurityGroupUpdater() {
    this(
        new SecurityGroup(
            ec2(System.getenv("AWS_ENDPOINT_URL_EC2")),
            System.getenv().getOrDefault("SECURITY_GROUP_ID", ""),
            Integer.parseInt(System.getenv().getOrDefault("DATABASE_PORT", DEFAULT_PORT))),
        new Database(),
        InstantSource.system());
    SnapStart.prime(this, database, "security-group-updater-list.json");
  }

  SecurityGroupUpdater(SecurityGroup group, Database database, InstantSource clock) {
    this.group = group;
    this.database = database;
    this.clock = clock;
  }

  /**
   * A client with the environment's region and credentials.
   *
   * @param endpoint of an EC2 API other than AWS's; null for that one
   */
  static Ec2Client ec2(@Nullable String endpoint) {
    var builder =
        Ec2Client.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(
                configuration ->
                    configuration
                        .retryStrategy(RetryMode.STANDARD)
                        .apiCallTimeout(EC2_TIMEOUT)
                        .apiCallAttemptTimeout(EC2_ATTEMPT_TIMEOUT));
    // The dual-stack endpoint is the only one that a subnet without NAT can reach. The SDK takes
    // either that or an endpoint by address.
    return endpoint == null
        ? builder.dualstackEnabled(true).build()
        : builder.endpointOverride(URI.create(endpoint)).build();
  }

  /**
   * Handles one event, of any of the three kinds.
   *
   * @throws OrderInvalid if a direct call asks for what cannot be done
   * @throws OrderRefused if a call that is not from the HTTP API was not carried out to its end
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Metrics.countColdStart(context);
    var event =
        JsonObject.parse(input.readAllBytes())
            .orElseThrow(() -> new OrderInvalid("[\"json_malformed\"]"));
    if (event.hasObject("requestContext", "http")) {
      HttpHandler.answer(context, () -> respond(new HttpRequest(event), context)).writeTo(output);
    } else {
      output.write(call(event, context).getBytes(StandardCharsets.UTF_8));
    }
  }

  private HttpResponse respond(HttpRequest request, Context context) {
    return switch (Order.of(request)) {
      case Checked.Rejected(var response) -> response;
      case Checked.Accepted(var order) -> {
        try {
          yield HttpResponse.ok(carryOut(order, context));
        } catch (OrderRefused refused) {
          yield respond(refused.refusal());
        }
      }
    };
  }

  private static HttpResponse respond(Refusal refusal) {
    var response = HttpResponse.error(refusal.status(), refusal.code());
    return refusal.isPassing() ? response.with("retry-after", RETRY_AFTER_SECONDS) : response;
  }

  private String call(JsonObject event, Context context) {
    // Who calls is not said; CloudTrail knows it, by the id of the request.
    var caller = "lambda:InvokeFunction/" + context.getAwsRequestId();
    return switch (Order.of(event, caller)) {
      case Checked.Rejected(var response) -> throw new OrderInvalid(response.body());
      case Checked.Accepted(var order) -> carryOut(order, context);
    };
  }

  private String carryOut(Order order, Context context) {
    try {
      var changes = new Ingress(group, new Sessions(database, context), clock).carryOut(order);
      if (order instanceof Order.Sweep) {
        Metrics.measure(context, "Overdue", "Seconds", overdue(changes).toSeconds());
      }
      var answer = Change.json(changes);
      // The audit: who opened what, until when.
      context.getLogger().log(order + " " + answer, LogLevel.INFO);
      return answer;
    } catch (OrderRefused refused) {
      context
          .getLogger()
          .log(
              order + " " + refused.getMessage() + " " + Failures.describe(refused),
              LogLevel.ERROR);
      throw refused;
    }
  }

  /** The time since the first of the closed holds expired; zero if none was closed. */
  private Duration overdue(List<Change> closed) {
    return closed.stream()
        .map(change -> change.hold().expiresAt())
        .min(Comparator.naturalOrder())
        .map(first -> Duration.between(first, clock.instant()))
        .orElse(Duration.ZERO);
  }
}
