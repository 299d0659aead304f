package cruddur.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import cruddur.local.template.Json;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A user of the user pool. */
final class PoolUser {
  /** A user of sql/seed.sql. */
  private static final String ANDREW = "ace19f81-6f65-3a7c-ab6f-1a7c7ba9a57f";

  /**
   * The most calls of a trigger that does not answer ("Things to know about Lambda triggers" in the
   * Amazon Cognito Developer Guide). Cognito does not repeat a call after an error.
   */
  private static final int COGNITO_ATTEMPTS = 3;

  private final Calls calls;
  private final String sub;

  PoolUser(Calls calls, String sub) {
    this.calls = calls;
    this.sub = sub;
  }

  /** A user who has a row from the beginning. */
  static PoolUser andrew(Calls calls) {
    return new PoolUser(calls, ANDREW);
  }

  /** A user who has not signed up yet. */
  static PoolUser unknown(Calls calls) {
    return new PoolUser(calls, UUID.randomUUID().toString());
  }

  /**
   * Confirms the sign-up as Cognito does. The user is confirmed even if the trigger fails.
   *
   * @return whether the trigger succeeded, so that the row exists
   */
  boolean confirm() {
    calls.ledger().confirm(sub);
    var saved = false;
    for (var attempt = 1; attempt <= COGNITO_ATTEMPTS; attempt++) {
      var event = event("PostConfirmation_ConfirmSignUp");
      var response = trigger(event);
      saved = response.equals(event);
      if (!Calls.isTimeout(response)) {
        break;
      }
    }
    if (saved) {
      calls.ledger().acknowledgeSignUp(sub);
    }
    return saved;
  }

  /**
   * Signs in, which calls the trigger PostAuthentication.
   *
   * @return whether the trigger returned the event, so that the user is signed in
   */
  boolean signIn() {
    var event = event("PostAuthentication_Authentication");
    ((ObjectNode) event.path("request")).put("newDeviceUsed", false);
    return trigger(event).equals(event);
  }

  private JsonNode trigger(JsonNode event) {
    return calls.call("PostConfirmationFunction", event, event::equals);
  }

  private ObjectNode event(String source) {
    var event = Calls.sample("post-confirmation").put("triggerSource", source).put("userName", sub);
    var attributes = (ObjectNode) event.path("request").path("userAttributes");
    attributes.put("sub", sub).put("preferred_username", sub).put("email", sub + "@example.com");
    return event;
  }

  /** Posts and returns the response. If the user may lack a row, 404 is right too. */
  JsonNode post(String message, @Nullable String key, boolean mayLackRow) {
    var event = Calls.sample("create-activity");
    event.put("body", Json.object().put("message", message).put("ttl", "1-day").toString());
    if (key != null) {
      ((ObjectNode) event.path("headers")).put("idempotency-key", key);
    }
    var claims = event.path("requestContext").path("authorizer").path("jwt").path("claims");
    ((ObjectNode) claims).put("sub", sub);
    var response =
        calls.call(
            "CreateActivityFunction",
            event,
            its -> Calls.isOk(its) || (mayLackRow && lacksRow(its)));
    if (Calls.isOk(response)) {
      var uuid = Json.parse(response.path("body").asText()).path("uuid").asText();
      calls.ledger().acknowledge(message, uuid);
      calls.ledger().acknowledgeSignUp(sub);
    }
    return response;
  }

  /** Whether a response is that for a user without a row. */
  static boolean lacksRow(JsonNode response) {
    return response.path("statusCode").asInt() == 404
        && response.path("body").asText().equals("[\"user_not_found\"]");
  }
}
