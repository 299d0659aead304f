package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.Normalizer2;
import cruddur.database.Folding;
import cruddur.testbed.NameCase;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties of all characters and scripts; {@code names.jsonl} has the single cases. */
class HandleTest {
  private static final String EMAIL = "kosh@example.com";

  /**
   * Its NFKC form is a blank with a mark, and both are left out. Its folded form is a blank and a
   * letter, which is kept.
   */
  private static final String IOTA_ON_A_BLANK = "\u037a";

  private static final Pattern ALPHABET =
      Pattern.compile(
          "[\\p{L}\\p{Nd}\\p{Nl}][\\p{L}\\p{Nd}\\p{Nl}\\p{M}]*"
              + "([-_.]+[\\p{L}\\p{Nd}\\p{Nl}][\\p{L}\\p{Nd}\\p{Nl}\\p{M}]*)*");

  @Test
  void isSpelledInItsAlphabetWhateverCharacterIsWanted() {
    var nfkc = Normalizer2.getNFKCInstance();
    characters()
        .forEach(
            character -> {
              var handle = Handle.of("a" + character + "e\u0301" + character, EMAIL);
              assertTrue(ALPHABET.matcher(handle).matches(), handle);
              assertTrue(nfkc.isNormalized(handle), handle);
              assertTrue(Handle.isValid(handle), handle);
              assertEquals(handle, Handle.of(handle, EMAIL));
            });
  }

  /** NFKC_Casefold leaves out what is ignorable (Unicode Standard, section 3.13). */
  @Test
  void isTheSameForTextsThatFoldToTheSame() {
    var casefold = Normalizer2.getNFKCCasefoldInstance();
    characters()
        .filter(character -> !character.equals(IOTA_ON_A_BLANK))
        .forEach(
            character -> {
              var wanted = "a" + character + "b";
              assertEquals(
                  Folding.fold(Handle.of(casefold.normalize(wanted), EMAIL)),
                  Folding.fold(Handle.of(wanted, EMAIL)),
                  wanted);
            });
  }

  /**
   * All but private ones, ideographs and most Hangul syllables, which folding leaves as they are.
   */
  private static Stream<String> characters() {
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(Character::isDefined)
        .filter(codePoint -> Character.getType(codePoint) != Character.PRIVATE_USE)
        .filter(
            codePoint ->
                !UCharacter.hasBinaryProperty(codePoint, UProperty.UNIFIED_IDEOGRAPH)
                    && UCharacter.getIntPropertyValue(codePoint, UProperty.HANGUL_SYLLABLE_TYPE)
                        != UCharacter.HangulSyllableType.LVT_SYLLABLE)
        .mapToObj(Character::toString);
  }

  @Test
  void matchesEachNameCase() {
    for (var given : NameCase.all()) {
      var attributes = given.userAttributes();
      assertEquals(
          // The suffix of a taken handle comes from the database.
          given.handle().replace("-SUFFIX", ""),
          Handle.of(
              attributes.getOrDefault("preferred_username", ""),
              attributes.getOrDefault("email", NameCase.EMAIL)),
          given.toString());
    }
  }

  @Test
  void isNotTakenFromAnAddressThatBeginsWithAnAt() {
    assertEquals("user", Handle.of("", "@kosh"));
    assertEquals("kosh", Handle.of("", "kosh"));
  }

  @Test
  void is64CodePointsLongAtMost() {
    assertEquals("a".repeat(64), Handle.of("a".repeat(65), EMAIL));
    assertEquals("a".repeat(63), Handle.of("a".repeat(63) + "x\u0330", EMAIL));
    assertEquals("a".repeat(63), Handle.of("a".repeat(63) + "-b", EMAIL));
    assertEquals("𞤁".repeat(64), Handle.of("𞤁".repeat(65), EMAIL));
    assertTrue(Handle.isValid("a".repeat(97)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "-a", "a-", "\u0301a", "ａ", "a\u200b", "e\u0301", "a@b", "5555555"})
  void isNotValid(String text) {
    assertFalse(Handle.isValid(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a-b", "555012", "五五五五五五五"})
  void isValid(String text) {
    assertTrue(Handle.isValid(text));
  }
}
