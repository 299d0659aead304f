package cruddur.activities;

import cruddur.lambda.HttpRequest;
import cruddur.lambda.HttpResponse;
import cruddur.lambda.JsonObject;
import cruddur.lambda.Validated;
import cruddur.lambda.VisibleText;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A valid request to create an activity.
 *
 * @param cognitoUserId the author's {@code sub}
 * @param idempotencyKey null when the client sent none
 */
record NewActivity(
    String cognitoUserId, String message, TimeToLive timeToLive, @Nullable String idempotencyKey) {
  private static final int LARGEST_BODY_BYTES = 64 * 1024;
  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  /**
   * Parses a request by the rules of the contract: first the token, last the members of the body.
   */
  static Validated<NewActivity> parse(HttpRequest request) {
    var author = request.claim("sub");
    // The gateway accepts ID tokens too, and the tokens of machines, which have no user name.
    if (author.isEmpty()
        || request.claim("username").isEmpty()
        || !request.claim("token_use").equals(Optional.of("access"))) {
      return invalid(403, "token_not_allowed");
    }
    var body = request.body();
    if (body.map(bytes -> bytes.length > LARGEST_BODY_BYTES).orElse(false)) {
      return invalid(413, "body_too_large");
    }
    if (!isJson(request.header("content-type"))) {
      return invalid(415, "content_type_unsupported");
    }
    return body.flatMap(JsonObject::parse)
        .map(members -> parse(author.get(), members, request.header("idempotency-key")))
        .orElseGet(() -> invalid(400, "json_malformed"));
  }

  private static boolean isJson(Optional<String> contentType) {
    if (contentType.isEmpty()) {
      return true;
    }
    var type = contentType.get();
    var end = (type + ';').indexOf(';');
    // Not equalsIgnoreCase, to which "application/j\u017fon" is the same.
    return type.substring(0, end).trim().toLowerCase(Locale.ROOT).equals("application/json");
  }

  private static Validated<NewActivity> parse(
      String author, JsonObject members, Optional<String> idempotencyKey) {
    var timeToLive = members.string("ttl").flatMap(TimeToLive::parse);
    var message = members.string("message").orElse("");
    var codes = new ArrayList<String>();
    if (timeToLive.isEmpty()) {
      codes.add("ttl_blank");
    }
    if (VisibleText.isBlank(message)) {
      codes.add("message_blank");
    }
    if (Message.isTooLong(message)) {
      codes.add("message_exceed_max_chars");
    }
    if (Message.hasInvalidCharacters(message)) {
      codes.add("message_characters_invalid");
    }
    if (idempotencyKey.isPresent() && !IDEMPOTENCY_KEY.matcher(idempotencyKey.get()).matches()) {
      codes.add("idempotency_key_invalid");
    }
    if (codes.isEmpty() && Message.hasInvalidCharacters(author)) {
      // No row has such a sub. PostgreSQL would compare a changed one, which could be another
      // user's.
      return invalid(404, "user_not_found");
    }
    return codes.isEmpty()
        ? new Validated.Valid<>(
            new NewActivity(author, message, timeToLive.orElseThrow(), idempotencyKey.orElse(null)))
        : new Validated.Invalid<>(HttpResponse.error(422, codes));
  }

  private static Validated<NewActivity> invalid(int status, String code) {
    return new Validated.Invalid<>(HttpResponse.error(status, code));
  }
}
