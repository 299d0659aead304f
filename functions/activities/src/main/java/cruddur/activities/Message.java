package cruddur.activities;

import java.nio.charset.StandardCharsets;

/** What the text of an activity must be: lengths count Unicode code points. */
final class Message {
  private static final int LONGEST = 280;

  private Message() {}

  /** True if a reader would see nothing. */
  static boolean isBlank(String text) {
    return text.codePoints().noneMatch(Message::isVisible);
  }

  static boolean isTooLong(String text) {
    return text.codePointCount(0, text.length()) > LONGEST;
  }

  /**
   * True if PostgreSQL could not store it as it is: it has a U+0000 or half of a surrogate pair.
   */
  static boolean hasInvalidCharacters(String text) {
    return text.indexOf(0) >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> !isBlankGlyph(codePoint);
    };
  }

  /**
   * Letters, marks and symbols that are drawn as nothing (Unicode's Default_Ignorable_Code_Point,
   * and Braille's blank).
   */
  private static boolean isBlankGlyph(int codePoint) {
    return switch (codePoint) {
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x2800, 0x3164, 0xFFA0 -> true;
      default ->
          (codePoint >= 0x180B && codePoint <= 0x180F)
              || (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
              || (codePoint >= 0xFFF0 && codePoint <= 0xFFF8)
              || (codePoint >= 0xE0000 && codePoint <= 0xE0FFF);
    };
  }
}
