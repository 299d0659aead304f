package cruddur.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import cruddur.local.Functions;
import cruddur.local.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Somebody who calls one function again and again, and notes what they are told. */
abstract class Client {
  static final Path ROOT = Path.of("..", "..");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A user of sql/seed.sql. */
  private static final String ANDREW = "ace19f81-6f65-3a7c-ab6f-1a7c7ba9a57f";

  private static final String NOT_SAVED =
      "Your account is confirmed, but your profile could not be saved. It will be saved when you"
          + " sign in.";

  private final String function;
  private final Functions functions;
  private final Ledger ledger;

  private Client(String function, Functions functions, Ledger ledger) {
    this.function = function;
    this.functions = functions;
    this.ledger = ledger;
  }

  /** Calls once; true if the answer was what the client came for. */
  abstract boolean call();

  /**
   * Posts. A post that the database could not serve is sent again with its key, as the page does;
   * every fourth has no key, and is not sent again.
   *
   * @param keys false leaves out all keys and sends again all the same, which is wrong
   */
  static Client poster(Functions functions, Ledger ledger, boolean keys) {
    return new Client("CreateActivityFunction", functions, ledger) {
      private int posts;
      private @Nullable String message;
      private @Nullable String key;

      @Override
      boolean call() {
        if (message == null) {
          message = ledger.message();
          key = keys && ++posts % 4 != 0 ? UUID.randomUUID().toString() : null;
        }
        var answer = answer(post(message, key));
        if (answer.path("statusCode").asInt() == 200) {
          ledger.acknowledge(message, parse(answer.path("body").asText()).path("uuid").asText());
          message = null;
          return true;
        }
        if (key == null && keys) {
          message = null;
        }
        return false;
      }
    };
  }

  /** Reads the home feed. */
  static Client reader(Functions functions, Ledger ledger) {
    return new Client("HomeActivitiesFunction", functions, ledger) {
      @Override
      boolean call() {
        return answer(sample("home-activities")).path("statusCode").asInt() == 200;
      }
    };
  }

  /** Signs up one user after another, each until the trigger has answered. */
  static Client signUps(Functions functions, Ledger ledger) {
    return new Client("PostConfirmationFunction", functions, ledger) {
      private String sub = UUID.randomUUID().toString();

      @Override
      boolean call() {
        var event = sample("post-confirmation");
        var attributes = (ObjectNode) event.path("request").path("userAttributes");
        attributes
            .put("sub", sub)
            .put("preferred_username", sub)
            .put("email", sub + "@example.com");
        if (!answer(event).equals(event)) {
          return false;
        }
        ledger.acknowledgeSignUp(sub);
        sub = UUID.randomUUID().toString();
        return true;
      }
    };
  }

  /** The function's answer, noted if it is not one that it may give. */
  JsonNode answer(JsonNode event) {
    var begin = System.nanoTime();
    var outcome =
        functions.invoke(
            function,
            UUID.randomUUID().toString(),
            event.toString().getBytes(StandardCharsets.UTF_8));
    ledger.took(System.nanoTime() - begin);
    var answer =
        switch (outcome) {
          case Outcome.Answered(var payload, _) ->
              parse(new String(payload, StandardCharsets.UTF_8));
          case Outcome.Failed(var payload, _) -> parse(new String(payload, StandardCharsets.UTF_8));
          case Outcome.Throttled() -> JSON.createObjectNode().put("throttled", true);
        };
    if (isUnavailable(answer)) {
      ledger.unavailable();
    } else if (answer.path("statusCode").asInt() != 200 && !answer.equals(event)) {
      ledger.wrong(function + ": " + answer);
    }
    return answer;
  }

  private static boolean isUnavailable(JsonNode answer) {
    return answer.path("errorMessage").asText().equals(NOT_SAVED)
        || (answer.path("statusCode").asInt() == 503
            && answer.path("body").asText().equals("[\"database_unavailable\"]")
            && !answer.path("headers").path("retry-after").asText().isEmpty());
  }

  private static JsonNode post(String message, @Nullable String key) {
    var event = sample("create-activity");
    var body = JSON.createObjectNode().put("message", message).put("ttl", "1-day");
    event.put("body", body.toString());
    if (key != null) {
      ((ObjectNode) event.path("headers")).put("idempotency-key", key);
    }
    var claims = event.path("requestContext").path("authorizer").path("jwt").path("claims");
    ((ObjectNode) claims).put("sub", ANDREW);
    return event;
  }

  private static ObjectNode sample(String name) {
    try {
      return (ObjectNode)
          JSON.readTree(Files.readAllBytes(ROOT.resolve("events/" + name + ".json")));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
