package cruddur.activities;

import cruddur.lambda.Checked;
import cruddur.lambda.HttpRequest;
import cruddur.lambda.HttpResponse;
import cruddur.lambda.JsonObject;
import cruddur.lambda.VisibleText;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to create an activity, checked.
 *
 * @param cognitoUserId the author's {@code sub}
 * @param idempotencyKey null when the client sent none
 */
record NewActivity(
    String cognitoUserId, String message, Life life, @Nullable String idempotencyKey) {
  private static final int LARGEST_BODY_BYTES = 64 * 1024;
  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  /**
   * Judges a request by the rules of the contract, the token first and the members of the body
   * last.
   */
  static Checked<NewActivity> read(HttpRequest request) {
    var author = request.claim("sub");
    // The gateway accepts ID tokens too, and the tokens of machines, which have no user name.
    if (author.isEmpty()
        || request.claim("username").isEmpty()
        || !request.claim("token_use").equals(Optional.of("access"))) {
      return rejected(403, "token_not_allowed");
    }
    var body = request.body();
    if (body.map(bytes -> bytes.length > LARGEST_BODY_BYTES).orElse(false)) {
      return rejected(413, "body_too_large");
    }
    if (!isJson(request.header("content-type"))) {
      return rejected(415, "content_type_unsupported");
    }
    return body.flatMap(JsonObject::parse)
        .map(members -> read(author.get(), members, request.header("idempotency-key")))
        .orElseGet(() -> rejected(400, "json_malformed"));
  }

  private static boolean isJson(Optional<String> contentType) {
    if (contentType.isEmpty()) {
      return true;
    }
    var type = contentType.get();
    var end = type.indexOf(';');
    // Not equalsIgnoreCase, to which "application/j\u017fon" is the same.
    return (end < 0 ? type : type.substring(0, end))
        .trim()
        .toLowerCase(Locale.ROOT)
        .equals("application/json");
  }

  private static Checked<NewActivity> read(
      String author, JsonObject members, Optional<String> idempotencyKey) {
    var life = members.string("ttl").flatMap(Life::of);
    var message = members.string("message").orElse("");
    var codes = new ArrayList<String>();
    if (life.isEmpty()) {
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
      // No row can have it, and on its way to one it would become another's.
      return rejected(404, "user_not_found");
    }
    return codes.isEmpty()
        ? new Checked.Accepted<>(
            new NewActivity(author, message, life.orElseThrow(), idempotencyKey.orElse(null)))
        : new Checked.Rejected<>(HttpResponse.error(422, codes));
  }

  private static Checked<NewActivity> rejected(int status, String code) {
    return new Checked.Rejected<>(HttpResponse.error(status, code));
  }
}
