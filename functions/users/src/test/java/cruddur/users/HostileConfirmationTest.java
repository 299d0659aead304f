package cruddur.users;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.database.Database;
import cruddur.postgres.Postgres;
import cruddur.testbed.Chance;
import cruddur.testbed.Invocation;
import cruddur.testbed.StrictJson;
import cruddur.testbed.Tries;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Events of any kind for the two triggers: each is given back byte for byte with one row written,
 * or writes none. Without a row a confirmation fails in words for the user, and a sign-in does not.
 */
@Tag("any-server")
class HostileConfirmationTest {
  private static final int LONGEST_ATTRIBUTE = 2_048;
  private static final String SIGN_IN = "PostAuthentication_Authentication";

  private static Postgres postgres;
  private static Connection connection;
  private static Database database;
  private static PostConfirmation function;

  @BeforeAll
  static void start() throws SQLException {
    postgres = Postgres.temporary(Map.of("synchronous_commit", "off"));
    connection = postgres.connect();
    database = new Database(postgres.url("cruddur_users"));
    function = new PostConfirmation(database);
  }

  @AfterAll
  static void stop() throws SQLException {
    database.close();
    connection.close();
    postgres.close();
  }

  @Test
  void everyEventIsGivenBackOrRefusedWithoutARow() {
    Tries.run("PostConfirmation", HostileConfirmationTest::check);
  }

  /**
   * What the function knew of its user, as the event's JSON is read; a truth value counts as text.
   */
  private record Attributes(Map<String, String> values) {
    Optional<String> of(String name) {
      return Optional.ofNullable(values.get(name));
    }
  }

  private static void check(Chance chance) throws SQLException {
    var event = event(chance);
    var attributes = attributes(event);
    var isSignIn =
        StrictJson.object(event)
            .filter(root -> SIGN_IN.equals(root.get("triggerSource")))
            .isPresent();
    var sub = attributes.of("sub").orElse("");
    var isKnown = !row(sub).isEmpty();
    var before = count();
    var invocation = new Invocation();
    try {
      assertArrayEquals(event, invocation.call(function, event), "byte for byte");
      if (isSignIn && !invocation.log().isEmpty()) {
        assertNotSaved(attributes, event, invocation, before);
        return;
      }
      var row = row(sub);
      assertEquals(isKnown ? before : before + 1, count(), "one row");
      assertEquals("", invocation.log(), "nothing of a user is logged");
      if (!isKnown) {
        assertSound(attributes, row);
      }
      assertArrayEquals(event, new Invocation().call(function, event), "any number of times");
      assertEquals(row, row(sub));
    } catch (ProfileNotSaved refused) {
      var message = String.valueOf(refused.getMessage());
      assertTrue(message.matches("[A-Z][A-Za-z ,.-]+\\."), message);
      assertEquals(null, refused.getCause());
      assertFalse(isSignIn, "a sign-in goes on");
      assertNotSaved(attributes, event, invocation, before);
    }
  }

  private static void assertNotSaved(
      Attributes attributes, byte[] event, Invocation invocation, int before) throws SQLException {
    assertEquals(before, count(), "no row");
    assertFalse(
        isAcceptable(attributes),
        () -> invocation.log() + new String(event, StandardCharsets.UTF_8));
    assertQuotesNobody(attributes, invocation.log());
  }

  private static byte[] event(Chance chance) {
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("sub", attribute(chance, "sub-" + chance.below(Integer.MAX_VALUE), 3));
    attributes.put("email", attribute(chance, "canary" + chance.below(99) + "@example.com", 8));
    attributes.put("name", attribute(chance, "Londo Mollari", 2));
    attributes.put("preferred_username", attribute(chance, "londo" + chance.below(50), 2));
    attributes.put("given_name", attribute(chance, "Londo", 2));
    attributes.put("family_name", attribute(chance, "Mollari", 2));
    attributes.put("email_verified", chance.of("true", "\"true\"", "\"false\""));
    attributes.put(
        chance.quoted("custom:" + chance.wildText(20)).replaceAll("^.|.$", ""), chance.json());
    for (var name :
        List.of("sub", "email", "name", "given_name", "family_name", "preferred_username")) {
      if (chance.oneIn(name.equals("sub") || name.equals("email") ? 40 : 3)) {
        attributes.remove(name);
      }
    }
    var pairs = new ArrayList<String>();
    attributes.forEach((name, json) -> pairs.add('"' + name + "\":" + json));
    Collections.rotate(pairs, chance.below(pairs.size()));
    var text =
        "{\"version\":"
            + chance.json()
            + ",\"triggerSource\":"
            + (chance.oneIn(20)
                ? chance.json()
                : chance.quoted(chance.of(SIGN_IN, "PostConfirmation_ConfirmSignUp")))
            + ",\"userName\":"
            + chance.quoted(chance.text(20))
            + ",\"request\":{\"userAttributes\":"
            + (chance.oneIn(40) ? chance.json() : "{" + String.join(",", pairs) + "}")
            + ",\"clientMetadata\":{\"unknown\":"
            + chance.json()
            + "}},\"response\":{}}";
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return chance.oneIn(20) ? chance.broken(bytes) : bytes;
  }

  /** An attribute's value as JSON: what is usual, or once in so many times anything. */
  private static String attribute(Chance chance, String usual, int times) {
    return chance.oneIn(times)
        ? chance.from(
            () -> chance.quoted(chance.text(120)),
            () -> chance.quoted(usual + chance.text(30)),
            () -> chance.quoted(chance.wildText(60)),
            () -> chance.quoted("\u200b \u202e"),
            () -> chance.quoted(name(chance)),
            () -> chance.quoted("💚".repeat(chance.below(3_000))),
            chance::json)
        : chance.quoted(usual);
  }

  /** A few of the characters whose place in a name decides whether they are kept. */
  private static String name(Chance chance) {
    var name = new StringBuilder();
    for (var left = chance.below(12); left >= 0; left--) {
      name.append(
          chance.from(
              () -> chance.of("a", "Z", "e", "\u0301", "\u0639", "\u064f", "\u0915", "\u094d"),
              () -> chance.of("\u200d", "\u200c", "\ufe0f", "\ufe01", "\udb40\udd00", "\u180b"),
              () -> chance.of("👩", "❤", "🏽", "1", "\u20e3", "\u1820", "葛", "5555555"),
              () -> chance.of("🏴", "\udb40\udc67", "\udb40\udc62", "\udb40\udc65", "\udb40\udc7f"),
              () -> chance.of(" ", "\u00a0", "\t", "\u2800", "@", ".", "+", "-", "\u00ad")));
    }
    return name.toString();
  }

  private static Attributes attributes(byte[] event) {
    var values = new LinkedHashMap<String, String>();
    var root = StrictJson.object(event);
    if (root.isPresent()
        && root.get().get("request") instanceof Map<?, ?> request
        && request.get("userAttributes") instanceof Map<?, ?> members) {
      members.forEach(
          (name, value) -> {
            if (value instanceof String text) {
              values.put(String.valueOf(name), text);
            } else if (value instanceof StrictJson.Literal(var text) && !text.equals("null")) {
              values.put(String.valueOf(name), text);
            }
          });
    }
    return new Attributes(values);
  }

  /** Whether the user must get a row: a sub that can be kept as it is, and an address. */
  private static boolean isAcceptable(Attributes attributes) {
    var sub = attributes.of("sub").orElse("");
    var email = Names.email(attributes.of("email").orElse(""));
    return sub.matches("[!-~]([ -~]{0,2046}[!-~])?")
        && !email.isEmpty()
        && email.codePoints().count() <= LONGEST_ATTRIBUTE;
  }

  private static void assertSound(Attributes attributes, List<String> row) {
    var email = Names.email(attributes.of("email").orElse(""));
    var wanted = Names.handle(attributes.of("preferred_username").orElse(""), email);
    var handle = row.getFirst();
    assertTrue(
        handle.equals(wanted)
            || handle.matches(Pattern.quote(wanted) + "-([0-9a-f]{6}|[0-9a-f]{32})"),
        () -> wanted + " became " + handle);
    var fullName =
        attributes.of("given_name").orElse("") + " " + attributes.of("family_name").orElse("");
    var displayName =
        Names.displayName(attributes.of("name").orElse(""))
            .or(() -> Names.displayName(fullName))
            .orElse(wanted);
    assertEquals(displayName, row.get(1));
    assertEquals(email, row.get(2));
  }

  private static void assertQuotesNobody(Attributes attributes, String log) {
    for (var name : List.of("sub", "email", "name", "preferred_username")) {
      var value = attributes.of(name).orElse("");
      assertFalse(value.length() > 8 && log.contains(value), () -> "the log quotes " + name);
    }
    assertFalse(log.matches("(?s).*(insert into|values \\(|@example|Detail:).*"), log);
  }

  private static int count() throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from users")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** Handle, display name, address; empty when there is no row. */
  private static List<String> row(String sub) throws SQLException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(sub) || sub.contains("\0")) {
      return List.of();
    }
    try (var statement =
        connection.prepareStatement(
            "select handle, display_name, email from users where cognito_user_id = ?")) {
      statement.setString(1, sub);
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? List.of(rows.getString(1), rows.getString(2), rows.getString(3))
            : List.of();
      }
    }
  }
}
