package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("newest-server")
class FoldingTest {
  @ParameterizedTest
  @CsvSource({
    "Kosh, kosh",
    "ＫＯＳＨ, kosh",
    "Straße, strasse",
    "STRAẞE, strasse",
    "ﬁsh, fish",
    "ΣΊΣΥΦΟΣ, σίσυφοσ",
    "σίσυφος, σίσυφοσ",
    "İstanbul, i̇stanbul",
    "ISTANBUL, istanbul",
    "Ångström, ångström",
    "A\u030angström, ångström",
    "かな, かな",
    "ｶﾞ, ガ"
  })
  void foldsCaseAndCompatibilityForms(String text, String folded) {
    assertEquals(folded, Folding.fold(text));
  }

  @Test
  void foldsEachLetterToTheSameInUpperAndLowerCase() {
    characters()
        .forEach(
            letter -> {
              var folded = Folding.fold(letter);
              assertEquals(folded, Folding.fold(folded));
              assertEquals(folded, Folding.fold(letter.toLowerCase(Locale.ROOT)));
              assertEquals(folded, Folding.fold(letter.toUpperCase(Locale.ROOT)));
            });
  }

  /** So that a statement can append a suffix to a handle and to its folded form alike. */
  @Test
  void foldsASuffixToItself() {
    characters()
        .forEach(
            letter -> assertEquals(Folding.fold(letter) + "-0af9", Folding.fold(letter + "-0af9")));
  }

  /** PostgreSQL 18 has the Unicode version of this JDK. */
  @Test
  void foldsAsPostgresqlDoesButForTwoLettersAndCherokee() throws Exception {
    var postgres = SharedFixture.postgres();
    try (var connection = postgres.connect();
        var statement =
            connection.prepareStatement(
                "select normalize(casefold(normalize(letter, nfkc) collate pg_unicode_fast), nfkc)"
                    + " from unnest(?) with ordinality as letters (letter, position)"
                    + " order by position")) {
      var letters = characters().filter(letter -> !foldsDifferently(letter)).toList();
      statement.setArray(1, connection.createArrayOf("text", letters.toArray()));
      try (var rows = statement.executeQuery()) {
        for (var letter : letters) {
          rows.next();
          assertEquals(rows.getString(1), Folding.fold(letter), letter);
        }
      }
    }
  }

  private static boolean foldsDifferently(String letter) {
    return Normalizer.normalize(letter, Normalizer.Form.NFKC).equals("ı")
        || UnicodeScript.of(letter.codePointAt(0)) == UnicodeScript.CHEROKEE;
  }

  /** Every character of Unicode. */
  private static Stream<String> characters() {
    return IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
        .filter(Character::isDefined)
        .filter(
            codePoint ->
                switch (Character.getType(codePoint)) {
                  case Character.SURROGATE, Character.PRIVATE_USE -> false;
                  default -> true;
                })
        .mapToObj(Character::toString);
  }
}
