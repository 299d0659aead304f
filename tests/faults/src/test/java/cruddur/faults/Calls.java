package cruddur.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import cruddur.local.lambda.Functions;
import cruddur.local.lambda.Outcome;
import cruddur.local.template.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Calls the functions, and notes the results in a ledger.
 *
 * @param ledger gets the time of each call, and the wrong responses
 */
record Calls(Functions functions, Ledger ledger) {
  static final Path ROOT = Path.of("..", "..");

  /** The trigger's message for an unavailable database. */
  private static final String NOT_SAVED = "your profile could not be saved";

  /** A sample of {@code events/}. */
  static ObjectNode sample(String name) {
    try {
      return (ObjectNode) Json.parse(Files.readAllBytes(ROOT.resolve("events/" + name + ".json")));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Calls a function and returns its response.
   *
   * @param expected which responses are right; an unavailable database is no wrong response
   */
  JsonNode call(String function, JsonNode event, Predicate<JsonNode> expected) {
    var begin = System.nanoTime();
    var outcome = functions.invoke(function, event.toString().getBytes(StandardCharsets.UTF_8));
    ledger.took(System.nanoTime() - begin);
    var response =
        switch (outcome) {
          case Outcome.Answered(var payload, _) -> Json.parse(payload);
          case Outcome.Failed(var payload, _) -> Json.parse(payload);
          case Outcome.Throttled() -> Json.object().put("throttled", true);
        };
    if (isUnavailable(response)) {
      ledger.unavailable();
    } else if (isTimeout(response)) {
      ledger.timedOut(function + ": " + response);
    } else if (!expected.test(response)) {
      ledger.wrong(function + ": " + response);
    }
    return response;
  }

  private static boolean isUnavailable(JsonNode response) {
    return response.path("errorMessage").asText().contains(NOT_SAVED)
        || (response.path("statusCode").asInt() == 503
            && response.path("body").asText().equals("[\"database_unavailable\"]")
            && !response.path("headers").path("retry-after").asText().isEmpty());
  }

  /** Whether Lambda ended the call at the function's timeout. */
  static boolean isTimeout(JsonNode response) {
    return response.path("errorType").asText().equals("Sandbox.Timedout");
  }

  static boolean isOk(JsonNode response) {
    return response.path("statusCode").asInt() == 200;
  }
}
