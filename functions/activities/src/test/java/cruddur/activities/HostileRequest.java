package cruddur.activities;

import cruddur.testbed.Chance;
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
 * A request to create an activity as the HTTP API might hand it on, most of it right.
 *
 * @param event the whole
 * @param sub of its token, where there is one that is text
 * @param isUsersAccessToken as the token's other claims have it
 * @param body empty where it cannot be turned into bytes
 * @param idempotencyKey empty where there is none, too
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes that nobody changes or compares.
record HostileRequest(
    byte[] event,
    Optional<String> sub,
    boolean isUsersAccessToken,
    Optional<byte[]> body,
    Optional<String> contentType,
    boolean hasIdempotencyKey,
    String idempotencyKey) {

  static HostileRequest create(Chance chance) {
    var claims = new LinkedHashMap<String, Object>();
    var sub = sub(chance);
    claims.put("sub", sub);
    claims.put("username", chance.oneIn(30) ? chance.wildText(50) : "someone");
    claims.put("token_use", "access");
    claims.put("email", "canary@example.com");
    if (chance.oneIn(10)) {
      spoil(chance, claims, chance.of("sub", "username", "token_use"));
    }

    var headers = new LinkedHashMap<String, Object>();
    headers.put("authorization", "Bearer canary-token");
    headers.put("cookie", "canary=cookie");
    if (!chance.oneIn(5)) {
      headers.put("content-type", contentType(chance));
    }
    if (chance.oneIn(2)) {
      headers.put("idempotency-key", key(chance));
    }
    if (chance.oneIn(5)) {
      headers.put(chance.text(10) + "-x", chance.wildText(100));
    }

    var bytes = body(chance);
    var event = new StringBuilder("{\"version\":\"2.0\",\"headers\":");
    event.append(object(chance, headers)).append(",\"requestContext\":{\"authorizer\":{\"jwt\":");
    event.append("{\"claims\":").append(object(chance, claims)).append("}}}");
    var body = putBody(chance, event, bytes);
    event.append('}');
    return new HostileRequest(
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

  private static void spoil(Chance chance, Map<String, Object> claims, String name) {
    switch (chance.below(4)) {
      case 0 -> claims.remove(name);
      case 1 -> claims.put(name, new Raw(chance.of("null", "1", "true", "[\"access\"]", "{}")));
      case 2 -> claims.put(name, "x".repeat(100_000));
      default -> claims.put(name, chance.of("id", "", "ACCESS", "access ", "access,access"));
    }
  }

  private static String sub(Chance chance) {
    return chance.oneIn(12)
        ? chance.from(
            () -> chance.wildText(60),
            () -> "sub-of-" + chance.of("\ud800", "?", "%", "\0", "londo\0", "LONDO", "nobody"))
        : chance.of(Rig.LONDO, Rig.VIR);
  }

  private static String contentType(Chance chance) {
    return chance.oneIn(10)
        ? chance.of(
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
            chance.wildText(30))
        : chance.of(
            "application/json",
            "APPLICATION/JSON",
            " application/json ; charset=latin1",
            "application/json;" + chance.text(30));
  }

  private static String key(Chance chance) {
    return chance.oneIn(6)
        ? chance.from(
            () -> "",
            () -> "a,b c",
            () -> "x".repeat(256),
            () -> "key\n",
            () -> chance.wildText(300))
        : chance.oneIn(3)
            ? chance.of("key,1", "key;2")
            : "key-" + chance.below(Integer.MAX_VALUE) + "~".repeat(chance.below(240));
  }

  private static byte[] body(Chance chance) {
    var good = good(chance);
    var text =
        chance.oneIn(3)
            ? chance.from(
                () -> "\ufeff" + good,
                () -> good + chance.of("x", " ", good, "\0", "\u00a0", "//", ","),
                () -> chance.json(),
                () -> "",
                () -> nested(chance, good),
                () -> with(good, "\"ttl\":\"1-day\""),
                () -> with(good, "\"n\":" + chance.json()),
                () -> with(good, "\"n\":-1" + "0".repeat(5_000) + "e-999999999"),
                () -> padded(chance, good),
                () -> colliding(good))
            : good;
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return chance.oneIn(5) ? chance.broken(bytes) : chance.oneIn(50) ? chance.bytes(80) : bytes;
  }

  private static String good(Chance chance) {
    var members = new ArrayList<String>();
    members.add("\"message\":" + message(chance));
    members.add(
        "\"ttl\":"
            + (chance.oneIn(8)
                ? chance.from(
                    chance::json, () -> chance.of("\"7-DAYS\"", "\"7-days \"", "7", "\"\""))
                : chance.quoted(chance.of(CreateContract.LIVES.values().toArray(String[]::new)))));
    if (chance.oneIn(3)) {
      members.add("\"user_handle\":\"vir\"");
      members.add("\"sub\":" + chance.quoted(Rig.VIR));
    }
    if (chance.oneIn(2)) {
      Collections.reverse(members);
    }
    var space = chance.of("", " ", "\t\r\n");
    return "{" + space + String.join(space + "," + space, members) + space + "}";
  }

  /** An object with one more member. */
  private static String with(String object, String member) {
    return object.substring(0, object.lastIndexOf('}')) + "," + member + "}";
  }

  private static String message(Chance chance) {
    return switch (chance.below(12)) {
      case 0 -> chance.json();
      case 1 -> chance.quoted(chance.wildText(281));
      case 2 -> chance.quoted("\u200b \u2800\ufe0f\u00ad".repeat(chance.below(70)));
      case 3 -> chance.quoted("💚".repeat(279 + chance.below(3)));
      case 4 -> chance.quoted(chance.of("same", "other"));
      default -> chance.quoted(chance.text(280));
    };
  }

  private static String nested(Chance chance, String good) {
    var depth = chance.of(1, 18, 19, 20, 21, 30, 1_000, 30_000);
    return with(good, "\"deep\":" + "[".repeat(depth) + "]".repeat(depth));
  }

  /** A body of about the largest size. */
  private static String padded(Chance chance, String good) {
    var length = good.getBytes(StandardCharsets.UTF_8).length;
    return good + " ".repeat(Math.max(0, 65_536 - length + chance.below(3) - 1));
  }

  /** Two thousand names, for which a common hash of names has one value. */
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

  /** Puts a body in as text or in base64, and tells which bytes a reader must see. */
  private static Optional<byte[]> putBody(Chance chance, StringBuilder event, byte[] bytes) {
    if (chance.oneIn(40)) {
      event.append(chance.of("", ",\"body\":null", ",\"body\":7,\"isBase64Encoded\":false"));
      return Optional.of(new byte[0]);
    }
    var text = text(bytes);
    if (text.isPresent() && chance.oneIn(2)) {
      event.append(",\"body\":").append(chance.quoted(text.get()));
      event.append(chance.of("", ",\"isBase64Encoded\":false"));
      return Optional.of(bytes);
    }
    if (chance.oneIn(40)) {
      event.append(",\"body\":\"lone \\ud800\"");
      return Optional.empty();
    }
    var base64 = Base64.getEncoder().encodeToString(bytes);
    var isBad = chance.oneIn(20);
    event.append(",\"body\":").append(chance.quoted(isBad ? base64 + "*" : base64));
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

  private static String object(Chance chance, Map<String, Object> members) {
    var pairs = new ArrayList<String>();
    members.forEach(
        (name, value) ->
            pairs.add(
                chance.quoted(name)
                    + ":"
                    + (value instanceof Raw(var json)
                        ? json
                        : chance.quoted(String.valueOf(value)))));
    return "{" + String.join(",", shuffled(chance, pairs)) + "}";
  }

  private static List<String> shuffled(Chance chance, List<String> pairs) {
    Collections.rotate(pairs, chance.below(pairs.size() + 1));
    return pairs;
  }
}
