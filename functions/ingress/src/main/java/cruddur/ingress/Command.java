package cruddur.ingress;

import cruddur.events.Checked;
import cruddur.events.HttpRequest;
import cruddur.events.HttpResponse;
import cruddur.events.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the function is asked to do, checked. */
sealed interface Order {
  /**
   * To open the database to a workspace, at one address and no other.
   *
   * @param openedBy who asks, for the audit
   */
  record Open(String workspace, Address address, Duration life, String openedBy) implements Order {}

  /** To close what is open for a workspace. */
  record Close(String workspace) implements Order {}

  /** To tell what is open. */
  record Overview() implements Order {}

  /** To close what has expired. */
  record Sweep() implements Order {}

  /**
   * Reads a request of the HTTP API, which IAM has let pass: {@code PUT} opens the address that it
   * comes from, whatever its body says, and {@code DELETE} closes; {@code GET} lists.
   */
  static Checked<Order> of(HttpRequest request) {
    var event = request.event();
    var caller = event.string("requestContext", "authorizer", "iam", "userArn");
    if (caller.isEmpty()) {
      return rejected(403, List.of("signature_missing"));
    }
    var method = event.string("requestContext", "http", "method").orElse("");
    var workspace = request.pathParameter("workspace");
    return switch (method) {
      case "GET" -> new Checked.Accepted<>(new Overview());
      case "PUT" ->
          body(request)
              .map(
                  body ->
                      open(
                          workspace,
                          event.string("requestContext", "http", "sourceIp"),
                          Limits.life(body),
                          caller.get()))
              .orElseGet(() -> rejected(400, List.of("json_malformed")));
      case "DELETE" -> close(workspace);
      default -> rejected(405, List.of("method_not_allowed"));
    };
  }

  /** The body's members; none where there is no body. */
  private static Optional<JsonObject> body(HttpRequest request) {
    return request
        .body()
        .flatMap(bytes -> bytes.length == 0 ? JsonObject.parse("{}") : JsonObject.parse(bytes));
  }

  /**
   * Reads an event that is not from the HTTP API: EventBridge's schedule, or a direct call with an
   * {@code action}.
   *
   * @param caller who asks, as far as is known
   */
  static Checked<Order> of(JsonObject event, String caller) {
    // EventBridge User Guide, "Creating a rule that runs on a schedule".
    if (event.string("detail-type").equals(Optional.of("Scheduled Event"))) {
      return new Checked.Accepted<>(new Sweep());
    }
    var workspace = event.string("workspace");
    return switch (event.string("action").orElse("")) {
      case "open" -> open(workspace, event.string("address"), Limits.life(event), caller);
      case "close" -> close(workspace);
      case "list" -> new Checked.Accepted<>(new Overview());
      default -> rejected(422, List.of("action_invalid"));
    };
  }

  private static Checked<Order> open(
      Optional<String> workspace,
      Optional<String> address,
      Optional<Duration> life,
      String openedBy) {
    var codes = new ArrayList<String>();
    if (!isWorkspace(workspace)) {
      codes.add("workspace_invalid");
    }
    var reading = AddressReading.read(address.orElse(""));
    if (reading instanceof AddressReading.Refused(var code)) {
      codes.add(code);
    }
    if (life.isEmpty()) {
      codes.add("hours_invalid");
    }
    return codes.isEmpty() && reading instanceof AddressReading.Public(var host)
        ? new Checked.Accepted<>(
            new Open(workspace.orElseThrow(), host, life.orElseThrow(), openedBy))
        : rejected(422, codes);
  }

  private static Checked<Order> close(Optional<String> workspace) {
    return isWorkspace(workspace)
        ? new Checked.Accepted<>(new Close(workspace.orElseThrow()))
        : rejected(422, List.of("workspace_invalid"));
  }

  private static boolean isWorkspace(Optional<String> name) {
    return name.map(text -> Limits.WORKSPACE.matcher(text).matches()).orElse(false);
  }

  private static Checked<Order> rejected(int status, List<String> codes) {
    return new Checked.Rejected<>(HttpResponse.error(status, codes));
  }

  /** What may stand in an order. */
  final class Limits {
    private static final Pattern WORKSPACE = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern HOURS = Pattern.compile("[1-9]|[1-6][0-9]|7[0-2]");
    private static final String DEFAULT_HOURS = "12";

    private Limits() {}

    private static Optional<Duration> life(JsonObject members) {
      return (members.has("hours") ? members.scalar("hours") : Optional.of(DEFAULT_HOURS))
          .filter(text -> HOURS.matcher(text).matches())
          .map(text -> Duration.ofHours(Integer.parseInt(text)));
    }
  }
}
