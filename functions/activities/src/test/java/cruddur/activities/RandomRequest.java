package cruddur.activities;

import cruddur.testbed.RandomInput;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * A random request to create an activity, as the HTTP API passes it on. Most of it is valid.
 *
 * @param event the event of the request, as JSON in UTF-8
 * @param sub of its token; empty if there is none, or if it is not a string
 * @param isUsersAccessToken true if the token's other claims are those of a user's access token
 * @param body empty where it cannot be turned into bytes
 * @param idempotencyKey the header's value; also empty if there is no header
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes that nobody changes or compares.
record RandomRequest(
    byte[] event,
    Optional<String> sub,
    boolean isUsersAccessToken,
    Optional<byte[]> body,
    Optional<String> contentType,
    boolean hasIdempotencyKey,
    String idempotencyKey) {

  static RandomRequest create(RandomInput random) {
    var claims = new LinkedHashMap<String, Object>();
    var sub = sub(random);
    claims.put("sub", sub);
    claims.put("username", random.oneIn(30) ? random.wildText(50) : "someone");
    claims.put("token_use", "access");
    claims.put("email", "marker@example.com");
    if (random.oneIn(10)) {
      spoil(random, claims, random.of("sub", "username", "token_use"));
    }

    var headers = new LinkedHashMap<String, Object>();
    headers.put("authorization", "Bearer marker-token");
    headers.put("cookie", "marker=cookie");
    if (!random.oneIn(5)) {
      headers.put("content-type", contentType(random));
    }
    if (random.oneIn(2)) {
      headers.put("idempotency-key", key(random));
    }
    if (random.oneIn(5)) {
      headers.put(random.text(10) + "-x", random.wildText(100));
    }

    var bytes = body(random);
    var event = new StringBuilder("{\"version\":\"2.0\",\"headers\":");
    event.append(object(random, headers)).append(",\"requestContext\":{\"authorizer\":{\"jwt\":");
    event.append("{\"claims\":").append(object(random, claims)).append("}}}");
    var body = putBody(random, event, bytes);
    event.append('}');
    return new RandomRequest(
        event.toString().getBytes(StandardCharsets.UTF_8),
        claims.get("sub") instanceof String text ? Optional.of(text) : Optional.empty(),
        claims.get("username") instanceof String && "access".equals(claims.get("token_use")),
        body,
        Optional.ofNullable((String) headers.get("content-type")),
        headers.containsKey("idempotency-key"),
        String.valueOf(headers.getOrDefault("idempotency-key", "")));
  }

  /** JSON that is not text. */
  private record Raw(String json) {}

  private static void spoil(RandomInput random, Map<String, Object> claims, String name) {
    switch (random.below(4)) {
      case 0 -> claims.remove(name);
      case 1 -> claims.put(name, new Raw(random.of("null", "1", "true", "[\"access\"]", "{}")));
      case 2 -> claims.put(name, "x".repeat(100_000));
      default -> claims.put(name, random.of("id", "", "ACCESS", "access ", "access,access"));
    }
  }

  private static String sub(RandomInput random) {
    return random.oneIn(12)
        ? random.from(
            () -> random.wildText(60),
            () -> "sub-of-" + random.of("\ud800", "?", "%", "\0", "londo\0", "LONDO", "nobody"))
        : random.of(ActivitiesFixture.LONDO, ActivitiesFixture.VIR);
  }

  private static String contentType(RandomInput random) {
    return random.oneIn(10)
        ? random.of(
            "",
            "text/plain",
            "application/json,application/json",
            "application/jso",
            "application/json5",
            "application/\u017fson",
            "appl\u0131cation/json",
            "application/j\u017fon",
            "\u2003application/json",
            "application/json\u00a0",
            "application/problem+json",
            random.wildText(30))
        : random.of(
            "application/json",
            "APPLICATION/JSON",
            " application/json ; charset=latin1",
            "application/json;" + random.text(30));
  }

  private static String key(RandomInput random) {
    return random.oneIn(6)
        ? random.from(
            () -> "",
            () -> "a,b c",
            () -> "x".repeat(256),
            () -> "key\n",
            () -> random.wildText(300))
        : random.oneIn(3)
            ? random.of("key,1", "key;2")
            : "key-" + random.below(Integer.MAX_VALUE) + "~".repeat(random.below(240));
  }

  private static byte[] body(RandomInput random) {
    var good = good(random);
    var text =
        random.oneIn(3)
            ? random.from(
                () -> "\ufeff" + good,
                () -> good + random.of("x", " ", good, "\0", "\u00a0", "//", ","),
                () -> random.json(),
                () -> "",
                () -> nested(random, good),
                () -> with(good, "\"ttl\":\"1-day\""),
                () -> with(good, "\"n\":" + random.json()),
                () -> with(good, "\"n\":-1" + "0".repeat(5_000) + "e-999999999"),
                () -> padded(random, good),
                () -> colliding(good))
            : good;
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return random.oneIn(5) ? random.broken(bytes) : random.oneIn(50) ? random.bytes(80) : bytes;
  }

  private static String good(RandomInput random) {
    var members = new ArrayList<String>();
    members.add("\"message\":" + message(random));
    members.add(
        "\"ttl\":"
            + (random.oneIn(8)
                ? random.from(
                    random::json, () -> random.of("\"7-DAYS\"", "\"7-days \"", "7", "\"\""))
                : random.quoted(
                    random.of(CreateContract.TIMES_TO_LIVE.values().toArray(String[]::new)))));
    if (random.oneIn(3)) {
      members.add("\"user_handle\":\"vir\"");
      members.add("\"sub\":" + random.quoted(ActivitiesFixture.VIR));
    }
    if (random.oneIn(2)) {
      Collections.reverse(members);
    }
    var space = random.of("", " ", "\t\r\n");
    return "{" + space + String.join(space + "," + space, members) + space + "}";
  }

  /** An object with one more member. */
  private static String with(String object, String member) {
    return object.substring(0, object.lastIndexOf('}')) + "," + member + "}";
  }

  private static String message(RandomInput random) {
    return switch (random.below(12)) {
      case 0 -> random.json();
      case 1 -> random.quoted(random.wildText(281));
      case 2 -> random.quoted("\u200b \u2800\ufe0f\u00ad".repeat(random.below(70)));
      case 3 -> random.quoted("💚".repeat(279 + random.below(3)));
      case 4 -> random.quoted(random.of("same", "other"));
      default -> random.quoted(random.text(280));
    };
  }

  private static String nested(RandomInput random, String good) {
    var depth = random.of(1, 18, 19, 20, 21, 30, 1_000, 30_000);
    return with(good, "\"deep\":" + "[".repeat(depth) + "]".repeat(depth));
  }

  /** A body of about the largest size. */
  private static String padded(RandomInput random, String good) {
    var length = good.getBytes(StandardCharsets.UTF_8).length;
    return good + " ".repeat(Math.max(0, 65_536 - length + random.below(3) - 1));
  }

  /** Two thousand names that have the same hash in a common hash function. */
  private static String colliding(String good) {
    var names = new StringJoiner(",");
    for (var number = 0; number < 2_000; number++) {
      var name = new StringBuilder();
      for (var bit = 0; bit < 11; bit++) {
        name.append((number >> bit & 1) == 0 ? "b!" : "aB");
      }
      names.add("\"" + name + "\":0");
    }
    return with(good, names.toString());
  }

  /** Adds a body as text or in base64, and returns the decoded bytes. */
  private static Optional<byte[]> putBody(RandomInput random, StringBuilder event, byte[] bytes) {
    if (random.oneIn(40)) {
      event.append(random.of("", ",\"body\":null", ",\"body\":7,\"isBase64Encoded\":false"));
      return Optional.of(new byte[0]);
    }
    var text = text(bytes);
    if (text.isPresent() && random.oneIn(2)) {
      event.append(",\"body\":").append(random.quoted(text.get()));
      event.append(random.of("", ",\"isBase64Encoded\":false"));
      return Optional.of(bytes);
    }
    if (random.oneIn(40)) {
      event.append(",\"body\":\"lone \\ud800\"");
      return Optional.empty();
    }
    var base64 = Base64.getEncoder().encodeToString(bytes);
    var isBad = random.oneIn(20);
    event.append(",\"body\":").append(random.quoted(isBad ? base64 + "*" : base64));
    event.append(",\"isBase64Encoded\":true");
    return isBad ? Optional.empty() : Optional.of(bytes);
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  private static String object(RandomInput random, Map<String, Object> members) {
    var pairs = new ArrayList<String>();
    members.forEach(
        (name, value) ->
            pairs.add(
                random.quoted(name)
                    + ":"
                    + (value instanceof Raw(var json)
                        ? json
                        : random.quoted(String.valueOf(value)))));
    return "{" + String.join(",", shuffled(random, pairs)) + "}";
  }

  private static List<String> shuffled(RandomInput random, List<String> pairs) {
    Collections.rotate(pairs, random.below(pairs.size() + 1));
    return pairs;
  }
}
