package cruddur.users;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The contract of names, written a second time, as regular expressions. */
final class Names {
  private static final String GAP = "\\p{Cc}\\p{Z}\\u2800";

  /** Default_Ignorable_Code_Point, as Unicode's DerivedCoreProperties.txt has it. */
  private static final String IGNORABLE =
      "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f"
          + "\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8"
          + "\\x{1bca0}-\\x{1bca3}\\x{1d173}-\\x{1d17a}\\x{e0000}-\\x{e0fff}";

  private static final String BASE = "\\p{L}\\p{Nl}\\p{Nd}";
  private static final Pattern WORD = Pattern.compile("[" + BASE + "][" + BASE + "\\p{M}]*");

  /**
   * Group 1 is the first part between at signs that has a letter or digit. Group 2 is what follows
   * the at signs behind it. B stands for a visible letter or digit; the replacements below fill it
   * in.
   */
  private static final Pattern PARTS =
      Pattern.compile(
          "(?s)(?:[^B@]*@)*([^@]*[B][^@]*)@*([^@]?.*)"
              .replace("[B]", "[" + BASE + "&&[^" + IGNORABLE + "]]")
              .replace("[^B@]", "[" + IGNORABLE + "[^@" + BASE + "]]"));

  /** What may stand on a character: marks and skin tones. */
  private static final String UPON = "\\p{M}\\x{1f3fb}-\\x{1f3ff}";

  private static final String JOINING =
      "[^"
          + Stream.of(
                  "Common Inherited Unknown Armenian Bopomofo Cyrillic Ethiopic Georgian Greek Han"
                      .split(" "),
                  "Hangul Hebrew Hiragana Katakana Latin Thaana".split(" "))
              .flatMap(Arrays::stream)
              .map("\\p{script=%s}"::formatted)
              .collect(Collectors.joining())
          + "]";

  /**
   * JOINING and UPON stand for the constants above. The first character of a text is a base even if
   * it is a mark, as in {@code Joiners}.
   */
  private static final String JOINING_BASE =
      "(?:JOINING|[^\\n]*(?![UPON])JOINING)[UPON]*"
          .replace("JOINING", JOINING)
          .replace("UPON", UPON);

  /** A line feed separates the kept text from the invisible character and what follows it. */
  private static final Pattern NEEDED =
      Pattern.compile(
          String.join(
              "|",
              JOINING_BASE + "\\n(\\u200d)",
              JOINING_BASE + "\\n(\\u200c)" + JOINING,
              "[^\\n]*\\p{IsExtended_Pictographic}["
                  + UPON
                  + "]*\\n(\\u200d)\\p{IsExtended_Pictographic}",
              "[^\\n]*" + JOINING + "\\n([\\ufe00-\\ufe0f])",
              "[^\\n]*\\p{IsIdeographic}\\n([\\ufe00-\\ufe0f\\x{e0100}-\\x{e01ef}])",
              "[^\\n]*[\\p{IsEmoji}&&[^\\x00-\\x7f\\x{1f3fb}-\\x{1f3ff}]]\\n([\\ufe0e\\ufe0f])",
              "[^\\n]*[0-9#*]\\n([\\ufe0e\\ufe0f])\\u20e3",
              "[^\\n]*\\p{script=Mongolian}\\n([\\u180b-\\u180f])",
              "[^\\n]*\\x{1f3f4}\\n([\\x{e0030}-\\x{e0039}\\x{e0061}-\\x{e007a}]{3,6}\\x{e007f})"));

  private Names() {}

  static String email(String text) {
    return text.replaceAll("[\\p{Cs}" + GAP + IGNORABLE + "&&[^ ]]", "").strip();
  }

  static String handle(String wanted, String email) {
    return wanted(Normalizer.normalize(wanted, Normalizer.Form.NFKC))
        .or(
            () ->
                handle(
                    Normalizer.normalize(email, Normalizer.Form.NFKC).replaceAll("(?s)[@+].*", "")))
        .orElse("user");
  }

  private static Optional<String> wanted(String text) {
    var parts = PARTS.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return handle(
        parts.group(2).isEmpty() ? parts.group(1) : parts.group(1).replaceFirst("(?s)[+].*", ""));
  }

  private static Optional<String> handle(String text) {
    var visible =
        Normalizer.normalize(text, Normalizer.Form.NFKC).replaceAll("[" + IGNORABLE + "]", "");
    var handle = new StringBuilder();
    var end = 0;
    for (var word : WORD.matcher(visible).results().toList()) {
      if (!handle.isEmpty()) {
        handle.append(visible.substring(end, word.start()).replaceAll("[^-_.]", ""));
      }
      handle.append(word.group());
      end = word.end();
    }
    return Optional.of(first(64, Normalizer.normalize(handle, Normalizer.Form.NFKC)))
        .map(cut -> cut.replaceAll("[-_.]+$", ""))
        .filter(
            cut ->
                cut.matches(".*[\\p{L}\\p{Nl}].*")
                    || (cut.matches(".+")
                        && cut.replaceAll("\\P{Nd}", "").codePoints().count() < 7));
  }

  static Optional<String> displayName(String text) {
    var name =
        Arrays.stream(visible(text).split(" "))
            .filter(
                word -> !Normalizer.normalize(word, Normalizer.Form.NFKC).matches("(?s).+@.+\\..+"))
            .collect(Collectors.joining(" "));
    return Optional.of(visible(first(100, name))).filter(shown -> !shown.isEmpty());
  }

  private static String visible(String text) {
    var kept = new StringBuilder();
    for (var rest = text; !rest.isEmpty(); ) {
      var character = Character.toString(rest.codePointAt(0));
      if (character.matches("[" + GAP + "]")) {
        kept.append(kept.isEmpty() || kept.charAt(kept.length() - 1) == ' ' ? "" : " ");
      } else if (!character.matches("[\\p{Cs}" + IGNORABLE + "]")) {
        kept.append(character);
      } else {
        var needed = NEEDED.matcher(kept + "\n" + rest);
        character = needed.lookingAt() ? group(needed.toMatchResult()) : character;
        kept.append(needed.hasMatch() ? character : "");
      }
      rest = rest.substring(character.length());
    }
    return kept.toString().strip();
  }

  private static String group(MatchResult match) {
    for (var group = 1; group <= match.groupCount(); group++) {
      if (match.start(group) >= 0) {
        return match.group(group);
      }
    }
    return "";
  }

  /** The whole characters that have a number of code points together at most. */
  private static String first(int codePoints, String text) {
    var first = "";
    for (var character : Pattern.compile("\\X").matcher(text).results().toList()) {
      if ((first + character.group()).codePoints().count() > codePoints) {
        break;
      }
      first += character.group();
    }
    return first.isEmpty() && !text.isEmpty()
        ? text.substring(
            0,
            text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length()))))
        : first;
  }
}
