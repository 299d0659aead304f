package cruddur.activities;

import cruddur.lambda.HttpRequest;
import cruddur.lambda.HttpResponse;
import cruddur.lambda.Validated;
import java.util.ArrayList;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A valid request for a page of the feed.
 *
 * @param limit activities, 1 to 100
 * @param before the last activity already shown, or null for the newest
 */
record PageRequest(int limit, @Nullable UUID before) {
  private static final String DEFAULT_LIMIT = "20";
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]?|100");
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  static Validated<PageRequest> parse(HttpRequest request) {
    var limit = request.query("limit").orElse(DEFAULT_LIMIT);
    var before = request.query("before");
    var codes = new ArrayList<String>();
    if (!LIMIT.matcher(limit).matches()) {
      codes.add("limit_invalid");
    }
    if (!before.map(text -> UUID_TEXT.matcher(text).matches()).orElse(true)) {
      codes.add("before_invalid");
    }
    return codes.isEmpty()
        ? new Validated.Valid<>(
            new PageRequest(Integer.parseInt(limit), before.map(UUID::fromString).orElse(null)))
        : new Validated.Invalid<>(HttpResponse.error(422, codes));
  }
}
