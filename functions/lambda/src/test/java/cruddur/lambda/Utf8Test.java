package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  @Test
  void encodesEveryText() {
    var text = "a\u0000é💚?\ufffd";
    assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), Utf8.encode(text).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "a\udc9ab", "\udc9a\ud83d"})
  void refusesHalfOfASurrogatePair(String text) {
    assertEquals(Optional.empty(), Utf8.encode(text));
  }
}
