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
      case Character.FORMAT -> isDrawnFormat(codePoint);
      case Character.CONTROL,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> !isBlankGlyph(codePoint);
    };
  }

  /**
   * Format characters that are not in Unicode's Default_Ignorable_Code_Point: those that enclose or
   * precede numbers (Prepended_Concatenation_Mark), interlinear annotations, and the joiners of
   * hieroglyphs.
   */
  private static boolean isDrawnFormat(int codePoint) {
    return switch (codePoint) {
      case 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD -> true;
      default ->
          (codePoint >= 0x0600 && codePoint <= 0x0605)
              || (codePoint >= 0xFFF9 && codePoint <= 0xFFFB)
              || (codePoint >= 0x13430 && codePoint <= 0x1343F);
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
