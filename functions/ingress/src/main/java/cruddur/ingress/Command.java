package cruddur.ingress;

import cruddur.lambda.Canary;
import cruddur.lambda.HttpRequest;
import cruddur.lambda.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A valid command, with its sender. Parsing an invalid one throws {@link RefusedException}. */
sealed interface Command {
  /** Opens the database to a workspace, at one public IPv4 address and no other. */
  record Open(Caller caller, String workspace, String address, Duration duration)
      implements Command {}

  /** Closes what is open for a workspace. */
  record Close(Caller caller, String workspace) implements Command {}

  record ListLeases(Caller caller) implements Command {}

  /** Closes what has expired. */
  record Sweep(Caller caller) implements Command {}

  /**
   * Parses a request of the HTTP API, whose signature IAM has verified. {@code PUT} opens the
   * request's source address, {@code DELETE} closes, {@code GET} lists. The owner is the caller.
   */
  static Command parse(HttpRequest request) {
    var event = request.event();
    var caller =
        event
            .string("requestContext", "authorizer", "iam", "userArn")
            .flatMap(Caller::signed)
            .orElseThrow(() -> new RefusedException(403, List.of("signature_missing")));
    var workspace = request.pathParameter("workspace");
    return switch (event.string("requestContext", "http", "method").orElse("")) {
      case "GET" -> new ListLeases(caller);
      case "DELETE" -> close(caller, workspace);
      case "PUT" -> {
        var address = event.string("requestContext", "http", "sourceIp");
        var members =
            request
                .body()
                .flatMap(body -> body.length == 0 ? JsonObject.parse("{}") : JsonObject.parse(body))
                .orElseThrow(() -> new RefusedException(400, List.of("json_malformed")));
        yield open(caller, workspace, address, members);
      }
      default -> throw new RefusedException(405, List.of("method_not_allowed"));
    };
  }

  /**
   * Parses an event of EventBridge's schedule, or of a direct invocation with an {@code action},
   * and maybe an {@code owner}.
   *
   * @param requestId of the invocation
   */
  static Command parse(JsonObject event, String requestId) {
    var owner = event.has("owner") ? event.scalar("owner").orElse("") : Caller.ADMINISTRATOR;
    var caller = Caller.direct(requestId, owner);
    if (Canary.isScheduled(event)) {
      return new Sweep(caller);
    }
    var workspace = event.string("workspace");
    return switch (event.string("action").orElse("")) {
      case "open" -> open(caller, workspace, event.string("address"), event);
      case "close" -> close(caller, workspace);
      case "list" -> new ListLeases(caller);
      default -> throw new RefusedException(422, List.of("action_invalid"));
    };
  }

  private static Command open(
      Caller caller, Optional<String> workspace, Optional<String> address, JsonObject members) {
    var codes = codes(caller, workspace);
    var reading = AddressReading.parse(address.orElse(""));
    if (reading instanceof AddressReading.Invalid(var code)) {
      codes.add(code);
    }
    var hours = members.has("hours") ? members.scalar("hours").orElse("") : "12";
    if (!hours.matches("[1-9]|[1-6][0-9]|7[0-2]")) {
      codes.add("hours_invalid");
    }
    if (codes.isEmpty() && reading instanceof AddressReading.Valid(var valid)) {
      var duration = Duration.ofHours(Integer.parseInt(hours));
      return new Open(caller, workspace.orElseThrow(), valid, duration);
    }
    throw new RefusedException(422, codes);
  }

  private static Command close(Caller caller, Optional<String> workspace) {
    var codes = codes(caller, workspace);
    if (!codes.isEmpty()) {
      throw new RefusedException(422, codes);
    }
    return new Close(caller, workspace.orElseThrow());
  }

  private static List<String> codes(Caller caller, Optional<String> workspace) {
    var codes = new ArrayList<String>();
    if (!workspace.orElse("").matches("[a-z0-9][a-z0-9-]{0,62}")) {
      codes.add("workspace_invalid");
    }
    if (caller.owner().isEmpty()) {
      codes.add("owner_invalid");
    }
    return codes;
  }
}
