package cruddur.testbed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Random input from a seed; the same seed gives the same values. Most values are almost valid. A
 * wholly invalid value would fail at the first check, and later checks would not run.
 */
public final class RandomInput {
  /** Overlong, beyond Unicode, half a pair, cut off, and a byte that UTF-8 does not have. */
  private static final byte[][] INVALID_UTF8 = {
    {(byte) 0xc0, (byte) 0x80},
    {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {(byte) 0xe2, (byte) 0x82},
    {(byte) 0xff},
  };

  /** Ranges of rare code points: the first and the last. */
  private static final int[][] CORNERS = {
    {0x00, 0x1f}, // controls
    {0x22, 0x27}, // quotes
    {0x5c, 0x5c},
    {0x7f, 0xa0}, // more controls, no-break space
    {0xad, 0xad}, // soft hyphen
    {0x300, 0x36f}, // combining
    {0x378, 0x379}, // unassigned
    {0x5d0, 0x5ea}, // right to left
    {0x1100, 0x11ff}, // Hangul in parts
    {0x200b, 0x200f}, // zero-width, marks of direction
    {0x2028, 0x202e}, // separators, overrides of direction
    {0x2060, 0x206f},
    {0xac00, 0xac03}, // Hangul, composed
    {0xe000, 0xe003}, // private use
    {0xf900, 0xf903}, // ideographs that normalization replaces
    {0xfdd0, 0xfdef}, // noncharacters
    {0xfe00, 0xfe0f}, // variation selectors
    {0xfeff, 0xffff}, // byte order mark, half and full widths, noncharacters
    {0x1f3fb, 0x1f3ff}, // skin tones
    {0x1f468, 0x1f469}, // people, to be joined
    {0x1fffe, 0x20002},
    {0xe0001, 0xe007f}, // tags
    {0x10fffd, 0x10ffff},
  };

  private static final List<String> WORDS =
      List.of(
          "e\u0301",
          "\u00e9",
          "\u212b",
          "\ufb01",
          "👩\u200d👩\u200d👧\u200d👦",
          "'; drop table activities; --",
          "\" or 1=1",
          "$1 :message ?",
          "<script>alert(1)</script>",
          "\r\n[ERROR] forged",
          "\u001b[31m",
          "{\"level\":\"FATAL\"}",
          "%s %n ${jndi:ldap://x} {}",
          "..%2f../etc/passwd",
          "null",
          "NaN",
          "\\u0000");

  private final SplittableRandom random;

  RandomInput(long seed) {
    random = new SplittableRandom(seed);
  }

  /** True in one of a number of cases. */
  public boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** A number from 0, below a bound. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** One of the values. */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final <T> T of(T... values) {
    return values[random.nextInt(values.length)];
  }

  /** The value of one of the suppliers. */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final <T> T from(Supplier<? extends T>... makers) {
    return of(makers).get();
  }

  /** Bytes of any value. */
  public byte[] bytes(int longest) {
    var bytes = new byte[below(longest + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  /**
   * Text of any code points except U+0000 and surrogates.
   *
   * @param longest the longest text, code points
   */
  public String text(int longest) {
    var length = oneIn(8) ? longest : below(Math.min(longest, 24) + 1);
    var text = new StringBuilder();
    for (var left = length; left > 0; left--) {
      var word = of(WORDS.toArray(String[]::new));
      var wordLength = word.codePointCount(0, word.length());
      if (oneIn(10) && wordLength <= left) {
        text.append(word);
        left -= wordLength - 1;
      } else {
        text.appendCodePoint(codePoint());
      }
    }
    return text.toString();
  }

  /** Text that may have U+0000 and lone surrogates too. */
  public String wildText(int longest) {
    var text = new StringBuilder(text(longest));
    if (oneIn(2)) {
      text.insert(below(text.length() + 1), of("\0", "\ud800", "\udc00\ud800", "\udfff"));
    }
    return text.toString();
  }

  private int codePoint() {
    while (true) {
      var corner = of(CORNERS);
      var codePoint =
          switch (below(4)) {
            case 0, 1 -> ' ' + below(95);
            case 2 -> corner[0] + below(corner[1] - corner[0] + 1);
            default -> below(Character.MAX_CODE_POINT + 1);
          };
      if (codePoint != 0 && Character.getType(codePoint) != Character.SURROGATE) {
        return codePoint;
      }
    }
  }

  /** Text as a JSON string, with random escapes. */
  public String quoted(String text) {
    var json = new StringBuilder("\"");
    for (var index = 0; index < text.length(); index++) {
      var character = text.charAt(index);
      var mustBeEscaped = character < ' ' || character == '"' || character == '\\';
      var isSurrogate = Character.isSurrogate(character);
      if (isSurrogate
          && Character.isHighSurrogate(character)
          && index + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(index + 1))
          && !oneIn(4)) {
        json.append(character).append(text.charAt(++index));
      } else if (mustBeEscaped || isSurrogate || oneIn(40)) {
        json.append("\\u%04x".formatted((int) character));
      } else {
        json.append(character);
      }
    }
    return json.append('"').toString();
  }

  /** A JSON value of any kind. */
  public String json() {
    return from(
        () -> quoted(wildText(20)),
        () -> of("null", "true", "false", "0", "-0", "1e999999", "0.1e-7", "9".repeat(below(400))),
        () -> "[" + of("", "1", "[]", "{\"a\":[null]}", "\"x\",\"x\"") + "]",
        () -> "{" + of("", "\"a\":1", "\"\":{}", "\"message\":\"inner\"") + "}");
  }

  /** Bytes with a few random changes: replaced, removed or added. */
  public byte[] broken(byte[] bytes) {
    var result = bytes;
    for (var times = 1 + below(3); times > 0; times--) {
      var at = below(result.length + 1);
      var length = Math.min(below(4), result.length - at);
      var middle =
          from(
              () -> new byte[0],
              () -> bytes(3),
              () ->
                  of("{", "}", "[", "]", ",", ":", "\"", "\\", "0", " ", "/*", "\ufeff")
                      .getBytes(StandardCharsets.UTF_8),
              () -> INVALID_UTF8[below(INVALID_UTF8.length)]);
      result =
          joined(
              Arrays.copyOf(result, at),
              middle,
              Arrays.copyOfRange(result, at + length, result.length));
    }
    return result;
  }

  private static byte[] joined(byte[]... parts) {
    var all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }
}
