package cruddur.local.cognito;

import cruddur.local.lambda.Functions;
import cruddur.local.lambda.Outcome;
import cruddur.local.template.Json;
import cruddur.local.template.LocalAccount;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signs users in and calls the template's triggers as Cognito does, with two exceptions. First, a
 * user's first sign-in is also the sign-up, which calls PostConfirmation. Second, the next sign-in
 * after a failed PostConfirmation is the sign-up again. Each sign-in then calls PostAuthentication.
 * Safe for use by several threads.
 */
public final class SignIns {
  private final Functions functions;
  private final Map<String, User> confirmed = new ConcurrentHashMap<>();
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  /** The result of a sign-in. */
  sealed interface Result {
    /** The user is signed in. */
    record SignedIn(User user) implements Result {}

    /** The sign-in failed; the page shows the reason. */
    record Failed(String reason) implements Result {}
  }

  /** Uses the triggers among some functions. */
  public SignIns(Functions functions) {
    this.functions = functions;
  }

  /** Signs in the user with a name. */
  Result signIn(String name, String client) {
    return User.named(name)
        .map(user -> complete(confirmed.getOrDefault(user.name(), user), client))
        .orElseGet(() -> new Result.Failed("Enter a user name of at most 128 characters."));
  }

  /** Signs up the user of a form, and signs the user in. */
  Result signUp(String userName, String email, String displayName, String client) {
    var described = User.signedUp(userName, email, displayName);
    if (described.isEmpty()) {
      return new Result.Failed(
          "Enter a user name and an e-mail address, each of at most 128 characters.");
    }
    return confirmed.containsKey(described.get().name())
        ? new Result.Failed("There is a user of this name already.")
        : complete(described.get(), client);
  }

  /** The user with a name, with the attributes of the sign-up. */
  User user(String name) {
    return Optional.ofNullable(confirmed.get(name)).or(() -> User.named(name)).orElseThrow();
  }

  private Result complete(User user, String client) {
    return confirm(user, client)
        .or(() -> call(Trigger.POST_AUTHENTICATION, user, client))
        .<Result>map(Result.Failed::new)
        .orElseGet(() -> new Result.SignedIn(user));
  }

  private Optional<String> confirm(User user, String client) {
    synchronized (locks.computeIfAbsent(user.name(), _ -> new Object())) {
      if (confirmed.containsKey(user.name())) {
        return Optional.empty();
      }
      var failure = call(Trigger.POST_CONFIRMATION, user, client);
      if (failure.isEmpty()) {
        confirmed.put(user.name(), user);
      }
      return failure;
    }
  }

  /** A trigger, with the {@code triggerSource} of its events. */
  private enum Trigger {
    POST_CONFIRMATION("PostConfirmation", "ConfirmSignUp"),
    POST_AUTHENTICATION("PostAuthentication", "Authentication");

    private final String title;
    private final String source;

    Trigger(String title, String source) {
      this.title = title;
      this.source = title + "_" + source;
    }
  }

  /** The first failure of the functions of a trigger, in Cognito's words; empty if none failed. */
  private Optional<String> call(Trigger trigger, User user, String client) {
    var event = event(trigger, user, client).getBytes(StandardCharsets.UTF_8);
    return functions.definitions().stream()
        .filter(function -> function.triggers().contains(trigger.title))
        .map(function -> functions.invoke(function.name(), event))
        .flatMap(outcome -> failure(trigger, outcome).stream())
        .findFirst();
  }

  private static Optional<String> failure(Trigger trigger, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered(var payload, _) ->
          Json.parse(payload).path("response").isObject()
              ? Optional.empty()
              : Optional.of("Unrecognizable lambda output");
      case Outcome.Failed(var payload, _) ->
          Optional.of(
              "%s failed with error %s."
                  .formatted(trigger.title, Json.parse(payload).path("errorMessage").asText()));
      case Outcome.Throttled _ -> Optional.of(trigger.title + " invocation failed: Rate Exceeded.");
    };
  }

  /**
   * The event ("Post confirmation Lambda trigger" and "Post authentication Lambda trigger" in the
   * Cognito developer guide).
   */
  private static String event(Trigger trigger, User user, String client) {
    var event = Json.object();
    event.put("version", "1");
    event.put("region", LocalAccount.REGION);
    event.put("userPoolId", LocalAccount.USER_POOL);
    event.put("userName", user.sub());
    event
        .putObject("callerContext")
        .put("awsSdkVersion", "aws-sdk-unknown-unknown")
        .put("clientId", client);
    event.put("triggerSource", trigger.source);
    var request = event.putObject("request");
    var attributes =
        request
            .putObject("userAttributes")
            .put("sub", user.sub())
            .put("email_verified", "true")
            .put("cognito:user_status", "CONFIRMED")
            .put("preferred_username", user.preferredUsername())
            .put("email", user.email());
    user.displayName().ifPresent(name -> attributes.put("name", name));
    if (trigger == Trigger.POST_AUTHENTICATION) {
      request.put("newDeviceUsed", false);
    }
    event.putObject("response");
    return event.toString();
  }
}
