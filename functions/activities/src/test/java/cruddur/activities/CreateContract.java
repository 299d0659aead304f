package cruddur.activities;

import cruddur.testbed.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The contract of {@code POST /api/activities}, written a second time and in the simplest way, for
 * tests to compare the function with.
 */
final class CreateContract {
  /** The {@code ttl} by its hours. */
  static final Map<Integer, String> TIMES_TO_LIVE =
      Map.of(
          720, "30-days",
          168, "7-days",
          72, "3-days",
          24, "1-day",
          12, "12-hours",
          3, "3-hours",
          1, "1-hour");

  private static final Set<String> USERS =
      Set.of(ActivitiesFixture.LONDO, ActivitiesFixture.VIR, "sub-of-?");

  /**
   * White space, controls and what Unicode 17 calls Default_Ignorable_Code_Point
   * (DerivedCoreProperties.txt), besides lone surrogates and Braille's blank.
   */
  private static final Pattern NOTHING_VISIBLE =
      Pattern.compile(
          "[\\p{Cc}\\p{Z}\\p{Cs}\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"
              + "\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0"
              + "\\ufff0-\\ufff8\\x{1bca0}-\\x{1bca3}\\x{1d173}-\\x{1d17a}\\x{e0000}-\\x{e0fff}]*");

  private CreateContract() {}

  /**
   * The expected result of a request that is the first with its key.
   *
   * @param codes empty if the request is valid
   */
  record Expected(int status, List<String> codes, String author, String message, String ttl) {}

  static Expected expect(RandomRequest request) {
    if (request.sub().isEmpty() || !request.isUsersAccessToken()) {
      return refused(403, "token_not_allowed");
    }
    var body = request.body();
    if (body.isPresent() && body.get().length > 65_536) {
      return refused(413, "body_too_large");
    }
    if (request.contentType().isPresent()
        && !request.contentType().get().matches("(?is)[ \t]*application/json[ \t]*(;.*)?")) {
      return refused(415, "content_type_unsupported");
    }
    var members = body.flatMap(StrictJson::object);
    if (members.isEmpty()) {
      return refused(400, "json_malformed");
    }
    var ttl = members.get().get("ttl") instanceof String text ? text : "";
    var message = members.get().get("message") instanceof String text ? text : "";
    var codes = new ArrayList<String>();
    if (!TIMES_TO_LIVE.containsValue(ttl)) {
      codes.add("ttl_blank");
    }
    if (isBlank(message)) {
      codes.add("message_blank");
    }
    if (message.codePoints().count() > 280) {
      codes.add("message_exceed_max_chars");
    }
    if (message.contains("\0") || !StandardCharsets.UTF_8.newEncoder().canEncode(message)) {
      codes.add("message_characters_invalid");
    }
    if (request.hasIdempotencyKey() && !request.idempotencyKey().matches("[!-~]{1,255}")) {
      codes.add("idempotency_key_invalid");
    }
    if (codes.isEmpty() && !USERS.contains(request.sub().get())) {
      return refused(404, "user_not_found");
    }
    return new Expected(codes.isEmpty() ? 200 : 422, codes, request.sub().get(), message, ttl);
  }

  static boolean isBlank(String message) {
    return NOTHING_VISIBLE.matcher(message).matches();
  }

  private static Expected refused(int status, String code) {
    return new Expected(status, List.of(code), "", "", "");
  }
}
