package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All code points, by the data of ICU. */
class VisibleTextTest {
  private static final int BRAILLE_BLANK = UCharacter.getCharFromName("BRAILLE PATTERN BLANK");

  @Test
  void ignoresUnicodesDefaultIgnorableCodePoints() {
    assertEquals(
        ranges(
            codePoint ->
                UCharacter.hasBinaryProperty(codePoint, UProperty.DEFAULT_IGNORABLE_CODE_POINT)),
        ranges(VisibleText::isIgnorable));
  }

  @Test
  void takesUnicodesWhiteSpaceControlsAndBraillesBlankForGaps() {
    assertEquals(
        ranges(
            codePoint ->
                UCharacter.hasBinaryProperty(codePoint, UProperty.WHITE_SPACE)
                    || UCharacter.getType(codePoint) == UCharacter.CONTROL
                    || codePoint == BRAILLE_BLANK),
        ranges(VisibleText::isSpace));
  }

  @Test
  void seesAllOtherCodePointsButSurrogates() {
    assertEquals(
        ranges(
            codePoint ->
                !VisibleText.isIgnorable(codePoint)
                    && !VisibleText.isSpace(codePoint)
                    && (codePoint < 0xD800 || codePoint > 0xDFFF)),
        ranges(VisibleText::isVisible));
  }

  /** First and last code points of what a set has, as hexadecimal numbers of Java. */
  private static List<String> ranges(IntPredicate set) {
    var ranges = new ArrayList<String>();
    for (var codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      var first = codePoint;
      while (codePoint <= Character.MAX_CODE_POINT && set.test(codePoint)) {
        codePoint++;
      }
      if (codePoint > first) {
        ranges.add("0x%X, 0x%X".formatted(first, codePoint - 1));
      }
    }
    return ranges;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\r\n", "\u00a0\u200b\u2800", "\udb40\udc41", "\ud800"})
  void seesNothing(String text) {
    assertTrue(VisibleText.isBlank(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "\u200ba", ".", "💚", "\u0301", "一", "\ue000", " \u05d0", "\u06dd", "\ufff9"})
  void seesSomething(String text) {
    assertFalse(VisibleText.isBlank(text));
  }

  @ParameterizedTest
  @CsvSource({
    "abc, 3, abc",
    "abc, 2, ab",
    "💚💚, 1, 💚",
    "ae\u0301, 2, a",
    "ae\u0301, 3, ae\u0301",
    "a👩\u200d👩, 3, a",
    "a🇫🇷🇫🇷, 4, a🇫🇷",
    // One character alone is too long.
    "e\u0301\u0302\u0303, 2, e\u0301"
  })
  void cutsBetweenWholeCharacters(String text, int longest, String cut) {
    assertEquals(cut, VisibleText.cut(text, longest));
  }
}
