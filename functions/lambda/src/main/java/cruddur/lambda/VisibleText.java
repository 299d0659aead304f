package cruddur.lambda;

import java.text.BreakIterator;
import java.util.Locale;

/**
 * The definition of visible text, for messages and names. A code point is invisible if it is white
 * space, a control character, half of a surrogate pair, Braille's blank, or in Unicode's {@code
 * Default_Ignorable_Code_Point} (Unicode Standard, section 5.21). The page has the same definition
 * in {@code web/problems.js}.
 */
public final class VisibleText {
  private static final int BRAILLE_BLANK = 0x2800;

  /**
   * First and last code points of Default_Ignorable_Code_Point (DerivedCoreProperties.txt), which
   * the JDK lacks. Versions 9 to 17 of Unicode have the same ones. {@code VisibleTextTest} makes
   * this list from ICU's data and compares the two.
   */
  private static final int[] IGNORABLE = {
    0xAD, 0xAD, 0x34F, 0x34F, 0x61C, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180F, 0x200B,
    0x200F, 0x202A, 0x202E, 0x2060, 0x206F, 0x3164, 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFEFF, 0xFFA0,
    0xFFA0, 0xFFF0, 0xFFF8, 0x1BCA0, 0x1BCA3, 0x1D173, 0x1D17A, 0xE0000, 0xE0FFF
  };

  private VisibleText() {}

  /** True if no code point is visible. */
  public static boolean isBlank(String text) {
    for (var index = 0; index < text.length(); index = text.offsetByCodePoints(index, 1)) {
      if (isVisible(text.codePointAt(index))) {
        return false;
      }
    }
    return true;
  }

  /** True if the code point is drawn. */
  public static boolean isVisible(int codePoint) {
    return !isSpace(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE
        && !isIgnorable(codePoint);
  }

  /**
   * True if the code point leaves a gap at most: Unicode's {@code White_Space}, the control
   * characters, and Braille's blank.
   */
  public static boolean isSpace(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> codePoint == BRAILLE_BLANK;
    };
  }

  /** True if the code point is in Unicode's {@code Default_Ignorable_Code_Point}. */
  public static boolean isIgnorable(int codePoint) {
    for (var range = 0; range < IGNORABLE.length && IGNORABLE[range] <= codePoint; range += 2) {
      if (codePoint <= IGNORABLE[range + 1]) {
        return true;
      }
    }
    return false;
  }

  /** True if the code point is in Unicode's general category M. */
  static boolean isMark(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  /**
   * The longest beginning of a text that has at most {@code longest} code points. It ends with a
   * whole user-perceived character, unless the first character alone is longer.
   *
   * @param longest in code points, 1 or more
   */
  public static String cut(String text, int longest) {
    // No test sees the difference between < and <=: a text ends with a whole character, so the
    // result is the same.
    if (text.codePointCount(0, text.length()) <= longest) {
      return text;
    }
    var end = text.offsetByCodePoints(0, longest);
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text);
    var boundary = characters.isBoundary(end) ? end : characters.preceding(end);
    return text.substring(0, boundary > 0 ? boundary : end);
  }
}
