package cruddur.lambda;

import java.text.Normalizer;
import java.util.Optional;

/**
 * The name that a user is addressed by, {@code @londo}: letters, marks and digits of any script
 * with {@code _ - .} between them, in NFKC (Unicode Standard Annex #15). Everything else is left
 * out, so that handles which differ in invisible characters alone have the same folded form ({@link
 * cruddur.database.Folding}). An e-mail address or a telephone number is never a handle.
 */
public final class Handle {
  private static final int MAXIMUM_CODE_POINTS = 64;

  /** A text with this many digits and no letter may be a telephone number. */
  private static final int TELEPHONE_DIGITS = 7;

  /** The handle of a user without a usable name. The sub is not public. */
  private static final String NAMELESS = "user";

  private Handle() {}

  /**
   * The handle of a user: the wanted one, or else the part of the e-mail address before {@code @},
   * or else {@code user}.
   *
   * @param wanted the wanted handle or an e-mail address; empty if there is none
   * @return 1 to 64 code points
   */
  public static String of(String wanted, String email) {
    return wanted(wanted).or(() -> ofAddress(email)).orElse(NAMELESS);
  }

  /** True if the text is a handle, of any length. */
  public static boolean isValid(String text) {
    return clean(text, Integer.MAX_VALUE).equals(Optional.of(text));
  }

  private static Optional<String> wanted(String text) {
    var parts = Normalizer.normalize(text, Normalizer.Form.NFKC).split("@");
    for (var part = 0; part < parts.length; part++) {
      // The @ before a handle belongs to no address.
      if (!kept(parts[part]).isEmpty()) {
        return part == parts.length - 1 ? clean(parts[part]) : ofLocalPart(parts[part]);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> ofAddress(String email) {
    var normalized = Normalizer.normalize(email, Normalizer.Form.NFKC);
    var at = normalized.indexOf('@');
    return ofLocalPart(at < 0 ? normalized : normalized.substring(0, at));
  }

  /** Users add a + and a word for one correspondent; both are left out. */
  private static Optional<String> ofLocalPart(String text) {
    var plus = text.indexOf('+');
    return clean(plus < 0 ? text : text.substring(0, plus));
  }

  private static Optional<String> clean(String text) {
    return clean(text, MAXIMUM_CODE_POINTS);
  }

  private static Optional<String> clean(String text, int longest) {
    var normalized = Normalizer.normalize(text, Normalizer.Form.NFKC);
    // Once more: a character between a letter and its mark may have been left out.
    var kept = Normalizer.normalize(kept(normalized), Normalizer.Form.NFKC);
    var handle = cut(kept, longest);
    return handle.isEmpty() || isTelephoneNumber(handle) ? Optional.empty() : Optional.of(handle);
  }

  private static String kept(String text) {
    var kept = new StringBuilder(text.length());
    var separators = new StringBuilder();
    // True while a mark may follow: the last character was kept, and is a letter, a digit or a
    // mark.
    var isOnBase = false;
    for (var at = 0; at < text.length(); ) {
      var codePoint = text.codePointAt(at);
      at += Character.charCount(codePoint);
      if (VisibleText.isIgnorable(codePoint)) {
        continue;
      }
      if (isLetter(codePoint) || Character.isDigit(codePoint)) {
        kept.append(kept.isEmpty() ? "" : separators).appendCodePoint(codePoint);
        separators.setLength(0);
        isOnBase = true;
      } else if (isOnBase && VisibleText.isMark(codePoint)) {
        kept.appendCodePoint(codePoint);
      } else {
        isOnBase = false;
        if (isSeparator(codePoint)) {
          separators.appendCodePoint(codePoint);
        }
      }
    }
    return kept.toString();
  }

  /** Letters, and the numerals that are letters, such as the Chinese zero. */
  private static boolean isLetter(int codePoint) {
    return Character.isLetter(codePoint) || Character.getType(codePoint) == Character.LETTER_NUMBER;
  }

  private static boolean isSeparator(int codePoint) {
    return codePoint == '_' || codePoint == '-' || codePoint == '.';
  }

  private static boolean isTelephoneNumber(String handle) {
    var digits = 0;
    for (var at = 0; at < handle.length(); ) {
      var codePoint = handle.codePointAt(at);
      at += Character.charCount(codePoint);
      if (isLetter(codePoint)) {
        return false;
      }
      digits += Character.isDigit(codePoint) ? 1 : 0;
    }
    return digits >= TELEPHONE_DIGITS;
  }

  private static String cut(String handle, int longest) {
    var cut = VisibleText.cut(handle, longest);
    var end = cut.length();
    while (end > 0 && isSeparator(cut.charAt(end - 1))) {
      end--;
    }
    return cut.substring(0, end);
  }
}
