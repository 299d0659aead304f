package cruddur.lambda;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The name that a reader sees above an activity: 1 to 100 code points, as the user spells it. It
 * keeps the invisible characters that spelling and emoji need, and loses all others. Each run of
 * white space is one blank. E-mail addresses are left out.
 */
public final class DisplayName {
  private static final int MAXIMUM_CODE_POINTS = 100;

  private DisplayName() {}

  /** The name in a text; empty if there is nothing visible in it. */
  public static Optional<String> of(String text) {
    var name = withoutAddresses(clean(text));
    // A cut may leave a joiner at the end.
    var shown = clean(VisibleText.cut(name, MAXIMUM_CODE_POINTS));
    return shown.isEmpty() ? Optional.empty() : Optional.of(shown);
  }

  private static String clean(String text) {
    var name = new StringBuilder(text.length());
    var hasGap = false;
    for (var at = 0; at < text.length(); ) {
      var codePoint = text.codePointAt(at);
      var end = at + Character.charCount(codePoint);
      if (VisibleText.isVisible(codePoint)) {
        name.append(hasGap && !name.isEmpty() ? " " : "").append(text, at, end);
        hasGap = false;
      } else if (VisibleText.isSpace(codePoint)) {
        hasGap = true;
      } else if (!hasGap) {
        var endOfNeeded = Joiners.endOfNeeded(name, text, at);
        name.append(text, at, endOfNeeded);
        end = Math.max(end, endOfNeeded);
      }
      at = end;
    }
    return name.toString();
  }

  private static String withoutAddresses(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC).indexOf('@') < 0
        ? name
        : Arrays.stream(name.split(" "))
            .filter(word -> !isAddress(word))
            .collect(Collectors.joining(" "));
  }

  /** True if the word has an @ and, later, a dot, with text before, between and after them. */
  private static boolean isAddress(String word) {
    var normalized = Normalizer.normalize(word, Normalizer.Form.NFKC);
    var dot = normalized.lastIndexOf('.', normalized.length() - 2);
    return normalized.lastIndexOf('@', dot - 2) > 0;
  }
}
