package cruddur.activities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\t\r\n",
        "\u00a0",
        "\u3000",
        "\u2028",
        "\u0000",
        "\u0085",
        "\u200b",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\u202e",
        "\u3164",
        "\u115f",
        "\u2800",
        "\ufe0f",
        "\u034f",
        "\udb40\udc41"
      })
  void seesNothing(String text) {
    assertTrue(Message.isBlank(text + text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "\u200ba", ".", "💚", "\u0301", "一", "\ue000", " \u05d0", "\u06dd", "\ufff9"})
  void seesSomething(String text) {
    assertFalse(Message.isBlank(text));
  }

  @Test
  void countsCodePoints() {
    assertFalse(Message.isTooLong("💚".repeat(280)));
    assertTrue(Message.isTooLong("a".repeat(281)));
  }

  @Test
  void findsWhatCannotBeStored() {
    assertEquals(true, Message.hasInvalidCharacters("a\u0000"));
    assertEquals(true, Message.hasInvalidCharacters("\udc9a\ud83d"));
    assertEquals(false, Message.hasInvalidCharacters("💚\u0001\ufffd"));
  }

  @Test
  void agreesOfEveryCodePointWithUnicodesOwnList() {
    for (var codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      var text = Character.toString(codePoint);
      assertEquals(
          CreateContract.isBlank(text),
          Message.isBlank(text),
          "U+" + Integer.toHexString(codePoint));
    }
  }
}
