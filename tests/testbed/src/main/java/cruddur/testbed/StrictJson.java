package cruddur.testbed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A simple reader of JSON by RFC 8259 and the API's limits, with which tests compare the real
 * reader. It returns maps, lists, strings and literals.
 */
public final class StrictJson {
  private static final int DEEPEST = 20;
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
  private static final Pattern SPACE = Pattern.compile("[ \\t\\n\\r]*");
  private static final Pattern PLAIN = Pattern.compile("[^\"\\\\\\x00-\\x1f]+");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4})");

  private final String text;
  private int position;

  private StrictJson(String text) {
    this.text = text;
  }

  /** A number, a boolean or null, as it was written. */
  public record Literal(String text) {}

  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super("", null, false, false);
    }
  }

  /** Reads an object; empty if the bytes are not one valid object. */
  public static Optional<Map<String, @Nullable Object>> object(byte[] utf8) {
    var text = new String(utf8, StandardCharsets.UTF_8);
    return Arrays.equals(utf8, text.getBytes(StandardCharsets.UTF_8))
        ? object(text)
        : Optional.empty();
  }

  @SuppressWarnings("unchecked")
  private static Optional<Map<String, @Nullable Object>> object(String text) {
    try {
      var json = new StrictJson(text);
      json.token(SPACE);
      var value = json.value(1);
      json.token(SPACE);
      return json.position == text.length() && value instanceof Map
          ? Optional.of((Map<String, @Nullable Object>) value)
          : Optional.empty();
    } catch (Malformed _) {
      return Optional.empty();
    }
  }

  private Object value(int depth) {
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> new Literal(token(NUMBER));
    };
  }

  private Map<String, Object> object(int depth) {
    var members = new LinkedHashMap<String, Object>();
    open(depth);
    if (!ends('}')) {
      do {
        token(SPACE);
        var name = string();
        token(SPACE);
        expect(':');
        token(SPACE);
        var isText = StandardCharsets.UTF_8.newEncoder().canEncode(name);
        if (members.put(name, value(depth + 1)) != null || !isText) {
          throw new Malformed();
        }
        token(SPACE);
      } while (hasNext('}'));
    }
    return members;
  }

  private Object array(int depth) {
    var elements = new ArrayList<Object>();
    open(depth);
    if (!ends(']')) {
      do {
        token(SPACE);
        elements.add(value(depth + 1));
        token(SPACE);
      } while (hasNext(']'));
    }
    return elements;
  }

  private void open(int depth) {
    if (depth > DEEPEST) {
      throw new Malformed();
    }
    position++;
    token(SPACE);
  }

  private boolean ends(char close) {
    var isEnd = peek() == close;
    position += isEnd ? 1 : 0;
    return isEnd;
  }

  private boolean hasNext(char close) {
    if (ends(close)) {
      return false;
    }
    expect(',');
    return true;
  }

  private String string() {
    expect('"');
    var value = new StringBuilder();
    while (!ends('"')) {
      value.append(peek() == '\\' ? unescaped(token(ESCAPE)) : token(PLAIN));
    }
    return value.toString();
  }

  private static char unescaped(String escape) {
    var letter = escape.charAt(1);
    return letter == 'u'
        ? (char) Integer.parseInt(escape.substring(2), 16)
        : "\"\\/\b\f\n\r\t".charAt("\"\\/bfnrt".indexOf(letter));
  }

  private Literal literal(String word) {
    word.chars().forEach(character -> expect((char) character));
    return new Literal(word);
  }

  private String token(Pattern pattern) {
    var matcher = pattern.matcher(text).region(position, text.length());
    if (!matcher.lookingAt()) {
      throw new Malformed();
    }
    position = matcher.end();
    return matcher.group();
  }

  private void expect(char character) {
    if (peek() != character) {
      throw new Malformed();
    }
    position++;
  }

  private char peek() {
    if (position >= text.length()) {
      throw new Malformed();
    }
    return text.charAt(position);
  }
}
