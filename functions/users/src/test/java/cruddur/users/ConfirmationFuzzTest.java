package cruddur.users;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.database.Database;
import cruddur.postgres.Postgres;
import cruddur.testbed.Fuzz;
import cruddur.testbed.Invocation;
import cruddur.testbed.RandomInput;
import cruddur.testbed.StrictJson;
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
 * Events of any kind for the two triggers. Each leaves one row and is returned byte for byte, or it
 * leaves no row. Without a row, a confirmation fails with a message for the user, and a sign-in
 * succeeds.
 */
@Tag("newest-server")
class ConfirmationFuzzTest {
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
    Fuzz.run("PostConfirmation", ConfirmationFuzzTest::check);
  }

  /** The user's attributes in the event; a boolean counts as text. */
  private record Attributes(Map<String, String> values) {
    Optional<String> of(String name) {
      return Optional.ofNullable(values.get(name));
    }
  }

  private static void check(RandomInput random) throws SQLException {
    var event = event(random);
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
    } catch (ProfileNotSavedException refused) {
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

  private static byte[] event(RandomInput random) {
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("sub", attribute(random, "sub-" + random.below(Integer.MAX_VALUE), 3));
    attributes.put("email", attribute(random, "marker" + random.below(99) + "@example.com", 8));
    attributes.put("name", attribute(random, "Londo Mollari", 2));
    attributes.put("preferred_username", attribute(random, "londo" + random.below(50), 2));
    attributes.put("given_name", attribute(random, "Londo", 2));
    attributes.put("family_name", attribute(random, "Mollari", 2));
    attributes.put("email_verified", random.of("true", "\"true\"", "\"false\""));
    attributes.put(
        random.quoted("custom:" + random.wildText(20)).replaceAll("^.|.$", ""), random.json());
    for (var name :
        List.of("sub", "email", "name", "given_name", "family_name", "preferred_username")) {
      if (random.oneIn(name.equals("sub") || name.equals("email") ? 40 : 3)) {
        attributes.remove(name);
      }
    }
    var pairs = new ArrayList<String>();
    attributes.forEach((name, json) -> pairs.add('"' + name + "\":" + json));
    Collections.rotate(pairs, random.below(pairs.size()));
    var text =
        "{\"version\":"
            + random.json()
            + ",\"triggerSource\":"
            + (random.oneIn(20)
                ? random.json()
                : random.quoted(random.of(SIGN_IN, "PostConfirmation_ConfirmSignUp")))
            + ",\"userName\":"
            + random.quoted(random.text(20))
            + ",\"request\":{\"userAttributes\":"
            + (random.oneIn(40) ? random.json() : "{" + String.join(",", pairs) + "}")
            + ",\"clientMetadata\":{\"unknown\":"
            + random.json()
            + "}},\"response\":{}}";
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return random.oneIn(20) ? random.broken(bytes) : bytes;
  }

  /** An attribute's value as JSON: the usual value or, in one of {@code times} cases, any value. */
  private static String attribute(RandomInput random, String usual, int times) {
    return random.oneIn(times)
        ? random.from(
            () -> random.quoted(random.text(120)),
            () -> random.quoted(usual + random.text(30)),
            () -> random.quoted(random.wildText(60)),
            () -> random.quoted("\u200b \u202e"),
            () -> random.quoted(name(random)),
            () -> random.quoted("💚".repeat(random.below(3_000))),
            random::json)
        : random.quoted(usual);
  }

  /** A few of the characters whose place in a name decides whether they are kept. */
  private static String name(RandomInput random) {
    var name = new StringBuilder();
    for (var left = random.below(12); left >= 0; left--) {
      name.append(
          random.from(
              () -> random.of("a", "Z", "e", "\u0301", "\u0639", "\u064f", "\u0915", "\u094d"),
              () -> random.of("\u200d", "\u200c", "\ufe0f", "\ufe01", "\udb40\udd00", "\u180b"),
              () -> random.of("👩", "❤", "🏽", "1", "\u20e3", "\u1820", "葛", "5555555"),
              () -> random.of("🏴", "\udb40\udc67", "\udb40\udc62", "\udb40\udc65", "\udb40\udc7f"),
              () -> random.of(" ", "\u00a0", "\t", "\u2800", "@", ".", "+", "-", "\u00ad")));
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
