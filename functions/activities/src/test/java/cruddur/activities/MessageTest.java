package cruddur.activities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MessageTest {
  @Test
  void countsCodePoints() {
    assertFalse(Message.isTooLong("💚".repeat(280)));
    assertTrue(Message.isTooLong("a".repeat(281)));
  }

  @Test
  void findsWhatCannotBeStored() {
    assertEquals(true, Message.hasInvalidCharacters("a\u0000"));
    assertEquals(true, Message.hasInvalidCharacters("\u0000a"));
    assertEquals(true, Message.hasInvalidCharacters("\udc9a\ud83d"));
    assertEquals(false, Message.hasInvalidCharacters("💚\u0001\ufffd"));
  }
}
