package cruddur.database;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Folds text, so that two texts which differ only by case or by compatibility forms become the
 * same: NFKC (Unicode Standard Annex #15), then the JDK's full mappings to lower, upper and lower
 * case, then NFKC again. PostgreSQL has a function for it from version 18 on only, and its result
 * depends on the version's Unicode tables.
 *
 * <p>The result is that of Unicode's full case folding ({@code CaseFolding.txt}, C and F), with two
 * differences. Dotless ı folds to i, as its capital is I. Cherokee letters fold to the small ones.
 * Folding what is folded changes nothing.
 */
public final class Folding {
  private static final char FINAL_SIGMA = '\u03c2';
  private static final char SIGMA = '\u03c3';

  private Folding() {}

  /** The folded form of a text; it may be longer than the text. */
  public static String fold(String text) {
    // First to lower case, since the capital ẞ is its own upper case.
    var upper =
        Normalizer.normalize(text, Normalizer.Form.NFKC)
            .toLowerCase(Locale.ROOT)
            .toUpperCase(Locale.ROOT);
    // Which sigma the JDK takes depends on the letters around it.
    var folded = upper.toLowerCase(Locale.ROOT).replace(FINAL_SIGMA, SIGMA);
    return Normalizer.normalize(folded, Normalizer.Form.NFKC);
  }
}
