package cruddur.lambda;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/**
 * The invisible characters that change how their neighbours are drawn: joiners of letters and of
 * emoji, variation selectors, and the tags of a flag.
 */
final class Joiners {
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int EMOJI_SELECTOR = 0xFE0F;
  private static final int TEXT_SELECTOR = 0xFE0E;
  private static final int KEYCAP = 0x20E3;
  private static final int BLACK_FLAG = 0x1F3F4;
  private static final int TAGS = 0xE0000;
  private static final int LAST_TAG = TAGS + 0x7F;

  /**
   * Scripts without joined letters and without a virama, in which joiners change nothing, and the
   * values for characters of no script. {@code DisplayNameTest} compares them with ICU's data.
   */
  private static final Set<UnicodeScript> WITHOUT_JOINERS =
      EnumSet.of(
          UnicodeScript.COMMON,
          UnicodeScript.INHERITED,
          UnicodeScript.UNKNOWN,
          UnicodeScript.ARMENIAN,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.CYRILLIC,
          UnicodeScript.ETHIOPIC,
          UnicodeScript.GEORGIAN,
          UnicodeScript.GREEK,
          UnicodeScript.HAN,
          UnicodeScript.HANGUL,
          UnicodeScript.HEBREW,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.LATIN,
          UnicodeScript.THAANA);

  private Joiners() {}

  /**
   * The end of the invisible characters at an index that must be kept; the index itself if there
   * are none.
   *
   * @param before the kept text before the index
   * @param at index of an ignorable code point
   */
  static int endOfNeeded(CharSequence before, String text, int at) {
    if (before.isEmpty()) {
      return at;
    }
    var codePoint = text.codePointAt(at);
    var last = Character.codePointBefore(before, before.length());
    if (codePoint >> 7 == TAGS >> 7) {
      return last == BLACK_FLAG ? endOfTags(text, at) : at;
    }
    var after = at + Character.charCount(codePoint);
    var next = after < text.length() ? text.codePointAt(after) : 0;
    return isNeeded(base(before), last, codePoint, next) ? after : at;
  }

  private static boolean isNeeded(int base, int last, int codePoint, int next) {
    return switch (codePoint) {
      case ZERO_WIDTH_JOINER ->
          takesJoiners(base)
              || (Character.isExtendedPictographic(base) && Character.isExtendedPictographic(next));
      case ZERO_WIDTH_NON_JOINER -> takesJoiners(base) && takesJoiners(next);
      case EMOJI_SELECTOR, TEXT_SELECTOR -> isEmoji(last, next) || selectsLetter(last);
      // Mongolian variation selectors and the vowel separator.
      case 0x180B, 0x180C, 0x180D, 0x180E, 0x180F ->
          UnicodeScript.of(last) == UnicodeScript.MONGOLIAN;
      default ->
          (codePoint >= 0xFE00 && codePoint <= 0xFE0D && selectsLetter(last))
              || (codePoint >= 0xE0100 && codePoint <= 0xE01EF && Character.isIdeographic(last));
    };
  }

  private static boolean takesJoiners(int codePoint) {
    return !WITHOUT_JOINERS.contains(UnicodeScript.of(codePoint));
  }

  private static boolean selectsLetter(int codePoint) {
    return Character.isIdeographic(codePoint) || takesJoiners(codePoint);
  }

  /** True for an emoji that may be followed by a selector; #, * and digits only inside a keycap. */
  private static boolean isEmoji(int codePoint, int next) {
    return Character.isEmoji(codePoint)
        && !Character.isEmojiModifier(codePoint)
        && (codePoint > '9' || next == KEYCAP);
  }

  /** The last character without the marks and the skin tone on it. */
  private static int base(CharSequence text) {
    var at = text.length();
    while (true) {
      var codePoint = Character.codePointBefore(text, at);
      at -= Character.charCount(codePoint);
      if (at == 0 || !isOnBase(codePoint)) {
        return codePoint;
      }
    }
  }

  private static boolean isOnBase(int codePoint) {
    return VisibleText.isMark(codePoint) || Character.isEmojiModifier(codePoint);
  }

  /**
   * The end of the tags that make a black flag the flag of a part of a country: 3 to 6 small
   * letters and digits, and the last tag (Unicode Technical Standard #51, annex C).
   */
  private static int endOfTags(String text, int at) {
    var end = at;
    for (var tags = 0; end < text.length(); tags++) {
      var tag = text.codePointAt(end);
      end += Character.charCount(tag);
      if (tag == LAST_TAG) {
        return tags >= 3 && tags <= 6 ? end : at;
      }
      var letter = tag - TAGS;
      if (!(letter >= '0' && letter <= '9') && !(letter >= 'a' && letter <= 'z')) {
        return at;
      }
    }
    return at;
  }
}
