package cruddur.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Without scripts, the page says so and shows no endless loading. */
@ExtendWith(BrowserFixture.class)
class NoScriptTest {
  @Test
  void saysWhatThePageNeeds(EmulatorFixture emulator) {
    try (var plain =
        Browser.start(Map.of("profile.managed_default_content_settings.javascript", 2))) {
      plain.open(emulator.page());
      assertEquals("", plain.element("#status").getText());
      var note = plain.element("#note");
      assertTrue(note.isDisplayed());
      assertEquals(
          "This page needs JavaScript, which is off or did not load. Turn it on, or reload the"
              + " page.",
          note.getText());
      assertFalse(plain.element("body").getText().contains("Loading"));
    }
  }
}
