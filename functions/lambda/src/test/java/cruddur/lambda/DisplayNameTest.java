package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.lang.UScript;
import com.ibm.icu.text.UnicodeSet;
import cruddur.testbed.NameCase;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties of all characters and scripts; {@code names.jsonl} has the single cases. */
class DisplayNameTest {
  private static final int VIRAMA = 9;
  private static final int TAGS = 0xE0000;
  private static final int LAST_TAG = 0xE007F;
  private static final String BLACK_FLAG = "🏴";

  @Test
  void matchesEachNameCase() {
    for (var given : NameCase.all()) {
      var name = given.userAttributes().get("name");
      if (name != null && !given.userAttributes().containsKey("given_name")) {
        assertEquals(
            given.displayName(),
            DisplayName.of(name).orElse(given.handle().replace("-SUFFIX", "")),
            given.toString());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Ann a@b.c Lee, Ann Lee",
    "@ann a@b.c, @ann",
    "@ann.lee, @ann.lee",
    "a.b@c, a.b@c",
    "a@b., a@b.",
    "a@.b, a@.b",
    "a＠b.c Ann, Ann",
    "@a@b.c Ann, Ann"
  })
  void losesOnlyAddresses(String text, String name) {
    assertEquals(Optional.of(name), DisplayName.of(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gbsct", "usc", "09az", "a0b1c2"})
  void keepsTheTagsOfAFlag(String tags) {
    var name = flag(tags) + "!";
    assertEquals(Optional.of(name), DisplayName.of(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "us", "us/", "us:", "us`", "us{", "USC"})
  void losesTagsThatMakeNoFlag(String tags) {
    assertEquals(Optional.of(BLACK_FLAG + "!"), DisplayName.of(flag(tags) + "!"));
  }

  @Test
  void losesTagsWithoutAnEndOrAFlag() {
    var tags = flag("usc").substring(BLACK_FLAG.length());
    var end = Character.toString(LAST_TAG);
    assertEquals(Optional.of(BLACK_FLAG), DisplayName.of(flag("usc").replace(end, "")));
    assertEquals(Optional.of("💚"), DisplayName.of("💚" + tags));
    assertEquals(Optional.of(BLACK_FLAG), DisplayName.of(tags + BLACK_FLAG));
  }

  /** A black flag with the tags of some letters, and the last tag. */
  private static String flag(String letters) {
    return BLACK_FLAG
        + letters
            .chars()
            .mapToObj(letter -> Character.toString(TAGS + letter))
            .collect(Collectors.joining("", "", Character.toString(LAST_TAG)));
  }

  /** The first and last ones of each range, and their neighbours. */
  @ParameterizedTest
  @CsvSource({
    "一, FE00, true",
    "一, FE0D, true",
    "一, E0100, true",
    "一, E01EF, true",
    "一, E01F0, false",
    "ᠠ, FE00, true",
    "ᠠ, E0100, false",
    "ᠠ, 180B, true",
    "ᠠ, 180F, true",
    "a, FE00, false",
    "a, FE0F, false",
    "a, 180B, false",
    "a, E0100, false",
    "9, FE0F, false",
    "©, FE0F, true",
    "💚, FE0E, true",
    "🏽, FE0F, false"
  })
  void keepsTheSelectorsThatChangeTheCharacterBefore(
      String character, String selector, boolean isKept) {
    var selected = character + Character.toString(Integer.parseInt(selector, 16));
    assertEquals(Optional.of(isKept ? selected : character), DisplayName.of(selected));
  }

  @ParameterizedTest
  @CsvSource({
    // An emoji with a skin tone, a letter with marks, and marks alone.
    "👩🏽, true",
    "a👩, true",
    "क\u094d, true",
    "क\u093f\u0902, true",
    "e\u0301, false",
    "\u0301, false"
  })
  void keepsAJoinerByTheCharacterBelowTheMarks(String text, boolean isKept) {
    var kept = isKept ? text + "\u200d💻" : text + "💻";
    assertEquals(Optional.of(kept), DisplayName.of(text + "\u200d💻"));
  }

  @Test
  void isAHundredCodePointsLongAtMost() {
    assertEquals(Optional.of("💚".repeat(100)), DisplayName.of("💚".repeat(101)));
    assertEquals(Optional.of("a".repeat(99)), DisplayName.of("a".repeat(99) + "e\u0301"));
    assertEquals(Optional.of("a".repeat(99)), DisplayName.of("a".repeat(99) + " b"));
    assertEquals(
        Optional.of("Z" + "\u0301".repeat(99)), DisplayName.of("Z" + "\u0301".repeat(200)));
  }

  @Test
  void losesTheJoinerThatACutLeaves() {
    assertEquals(
        Optional.of("👩\u200d".repeat(49) + "👩"), DisplayName.of("👩\u200d".repeat(60) + "👩"));
  }

  @Test
  void keepsJoinersInEachScriptOfTodayThatHasUseForThem() {
    var withJoiners = new TreeSet<String>();
    var withoutJoiners = new TreeSet<String>();
    for (var script : scriptsOfToday()) {
      var letters = letters(script).limit(200).toList();
      var isKept = letters.stream().anyMatch(DisplayNameTest::keepsNonJoiner);
      assertEquals(isKept, letters.stream().allMatch(DisplayNameTest::keepsNonJoiner), script);
      (isKept ? withJoiners : withoutJoiners).add(script);
    }
    assertEquals(
        scriptsOfToday().stream()
            .filter(DisplayNameTest::joins)
            .collect(Collectors.toCollection(TreeSet::new)),
        withJoiners);
    assertTrue(withoutJoiners.containsAll(Set.of("Latin", "Cyrillic", "Han")));
  }

  /** Unicode Standard Annex #31, table 5. */
  private static Set<String> scriptsOfToday() {
    return IntStream.rangeClosed(0, UCharacter.getIntPropertyMaxValue(UProperty.SCRIPT))
        .filter(script -> UScript.getUsage(script) == UScript.ScriptUsage.RECOMMENDED)
        .filter(script -> script != UScript.COMMON && script != UScript.INHERITED)
        .filter(script -> codePoints(UScript.getName(script)).findAny().isPresent())
        .mapToObj(UScript::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether letters of a script are joined, or a virama joins them. */
  private static boolean joins(String script) {
    return codePoints(script)
        .anyMatch(
            codePoint ->
                UCharacter.getCombiningClass(codePoint) == VIRAMA
                    || switch (UCharacter.getIntPropertyValue(codePoint, UProperty.JOINING_TYPE)) {
                      case UCharacter.JoiningType.DUAL_JOINING,
                          UCharacter.JoiningType.LEFT_JOINING,
                          UCharacter.JoiningType.RIGHT_JOINING ->
                          true;
                      default -> false;
                    });
  }

  private static Stream<String> letters(String script) {
    return codePoints(script)
        .filter(UCharacter::isLetter)
        .filter(VisibleText::isVisible)
        .mapToObj(Character::toString);
  }

  private static IntStream codePoints(String script) {
    var set = new UnicodeSet();
    set.applyIntPropertyValue(UProperty.SCRIPT, UScript.getCodeFromName(script));
    return set.stream().mapToInt(text -> text.codePointAt(0));
  }

  private static boolean keepsNonJoiner(String letter) {
    var name = letter + "\u200c" + letter;
    return DisplayName.of(name).equals(Optional.of(name));
  }
}
