package cruddur.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object (RFC 8259), parsed strictly: valid UTF-8, nothing after the object, no repeated
 * name in an object, no name with half of a surrogate pair, at most 20 levels. A path names a
 * member, with one name for each level. Immutable.
 */
public final class JsonObject {
  private static final int DEEPEST = 20;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // All requests would share the table of names, which fails when many names collide: one
          // client could break another's requests.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  // An event has at most 6 MB, and a member that is not read may have any length.
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final Map<?, ?> members;

  private JsonObject(Map<?, ?> members) {
    this.members = members;
  }

  /** A number or a truth value, as it was written. */
  private record Literal(String text) {}

  /** Reads an object from UTF-8, or returns empty when there is none, or more than one. */
  public static Optional<JsonObject> parse(byte[] utf8) {
    // Jackson accepts some bytes that are not UTF-8.
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
      return parse(text.array(), text.limit());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  /** Reads an object from text, or returns empty when there is none, or more than one. */
  public static Optional<JsonObject> parse(String text) {
    return parse(text.toCharArray(), text.length());
  }

  private static Optional<JsonObject> parse(char[] text, int length) {
    try (var parser = FACTORY.createParser(text, 0, length)) {
      parser.nextToken();
      var root = value(parser);
      return parser.nextToken() == null && root instanceof Map<?, ?> members
          ? Optional.of(new JsonObject(members))
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    var token = parser.currentToken();
    if (token == null) {
      return null;
    }
    return switch (token) {
      case START_OBJECT -> {
        var members = new HashMap<String, @Nullable Object>();
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          if (members.containsKey(name)) {
            throw new JsonParseException(parser, "a name twice");
          }
          parser.nextToken();
          members.put(name, value(parser));
        }
        yield members;
      }
      case START_ARRAY -> {
        var elements = new ArrayList<@Nullable Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(parser));
        }
        yield elements;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NULL -> null;
      default -> new Literal(parser.getText());
    };
  }

  /** The text at a path, or empty when there is none or the value is not a string. */
  public Optional<String> string(String... path) {
    return value(path) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /**
   * The text of a member of an object, whose name matches without case. Of several such members,
   * this is the first in the order of their names' characters.
   */
  public Optional<String> stringIgnoringCase(String object, String name) {
    return value(object) instanceof Map<?, ?> found
        ? found.keySet().stream()
            .map(String.class::cast)
            .filter(name::equalsIgnoreCase)
            .sorted()
            .findFirst()
            .flatMap(spelling -> string(object, spelling))
        : Optional.empty();
  }

  /**
   * The value at a path as text, be it a string, a number or a truth value; empty when it is
   * anything else or absent.
   */
  public Optional<String> scalar(String... path) {
    return value(path) instanceof Literal literal ? Optional.of(literal.text()) : string(path);
  }

  /** True if there is anything but null at a path. */
  public boolean has(String... path) {
    return value(path) != null;
  }

  /** True if there is an object at a path. */
  public boolean hasObject(String... path) {
    return value(path) instanceof Map<?, ?>;
  }

  private @Nullable Object value(String... path) {
    Object value = members;
    for (var name : path) {
      value = value instanceof Map<?, ?> object ? object.get(name) : null;
    }
    return value;
  }
}
