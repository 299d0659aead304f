package cruddur.local;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets users in. The first sign-in of each in the life of this process is a confirmed sign-up: it
 * calls the template's PostConfirmation function as Cognito does, once at a time for each user, and
 * again at the next sign-in when that failed. Safe for use by several threads.
 */
final class SignIns {
  private final Functions functions;
  private final List<String> triggers;
  private final Map<String, User> confirmed = new ConcurrentHashMap<>();
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  /** How a sign-in came out. */
  sealed interface Result {
    /** The user is in. */
    record Welcome(User user) implements Result {}

    /** The user is not in, for the reason that the page shows. */
    record Refused(String reason) implements Result {}
  }

  /**
   * Lets in whoever the functions let in.
   *
   * @param triggers the logical names of the PostConfirmation functions
   */
  SignIns(Functions functions, List<String> triggers) {
    this.functions = functions;
    this.triggers = triggers;
  }

  /** Signs in the user of a name. */
  Result signIn(String name, String client) {
    return User.named(name)
        .map(user -> welcome(confirmed.getOrDefault(user.name(), user), client))
        .orElseGet(() -> new Result.Refused("Enter a user name of at most 128 characters."));
  }

  /** Signs up, and in, the user that a form describes. */
  Result signUp(String userName, String email, String displayName, String client) {
    var described = User.signedUp(userName, email, displayName);
    if (described.isEmpty()) {
      return new Result.Refused(
          "Enter a user name and an e-mail address, each of at most 128 characters.");
    }
    return confirmed.containsKey(described.get().name())
        ? new Result.Refused("There is a user of this name already.")
        : welcome(described.get(), client);
  }

  /** The user of a name, with what the sign-up said. */
  User user(String name) {
    return Optional.ofNullable(confirmed.get(name)).or(() -> User.named(name)).orElseThrow();
  }

  private Result welcome(User user, String client) {
    synchronized (locks.computeIfAbsent(user.name(), _ -> new Object())) {
      var failure =
          confirmed.containsKey(user.name()) ? Optional.<String>empty() : confirm(user, client);
      if (failure.isPresent()) {
        return new Result.Refused(failure.get());
      }
      confirmed.put(user.name(), user);
      return new Result.Welcome(user);
    }
  }

  /** What the first function to fail said, in Cognito's words; empty when none did. */
  private Optional<String> confirm(User user, String client) {
    var event = event(user, client).getBytes(StandardCharsets.UTF_8);
    return triggers.stream()
        .map(name -> functions.invoke(name, Identifiers.request(), event))
        .flatMap(outcome -> failure(outcome).stream())
        .findFirst();
  }

  private static Optional<String> failure(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered(var payload, _) ->
          Json.parse(payload).path("response").isObject()
              ? Optional.empty()
              : Optional.of("Unrecognizable lambda output");
      case Outcome.Failed(var payload, _) ->
          Optional.of(
              "PostConfirmation failed with error %s."
                  .formatted(Json.parse(payload).path("errorMessage").asText()));
      case Outcome.Throttled _ -> Optional.of("PostConfirmation invocation failed: Rate Exceeded.");
    };
  }

  /** As "Post confirmation Lambda trigger" in the Cognito developer guide shows it. */
  private static String event(User user, String client) {
    var event = Json.object();
    event.put("version", "1");
    event.put("region", Machine.REGION);
    event.put("userPoolId", Machine.USER_POOL);
    event.put("userName", user.sub());
    event
        .putObject("callerContext")
        .put("awsSdkVersion", "aws-sdk-unknown-unknown")
        .put("clientId", client);
    event.put("triggerSource", "PostConfirmation_ConfirmSignUp");
    var attributes =
        event
            .putObject("request")
            .putObject("userAttributes")
            .put("sub", user.sub())
            .put("email_verified", "true")
            .put("cognito:user_status", "CONFIRMED")
            .put("preferred_username", user.preferredUsername())
            .put("email", user.email());
    user.displayName().ifPresent(name -> attributes.put("name", name));
    event.putObject("response");
    return event.toString();
  }
}
