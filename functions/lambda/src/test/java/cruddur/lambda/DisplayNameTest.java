package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.lang.UScript;
import com.ibm.icu.text.UnicodeSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Properties of all characters and scripts; {@code names.jsonl} has the single cases. */
class DisplayNameTest {
  private static final int VIRAMA = 9;

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
