package cruddur.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Takes the pictures of the README. {@code bin/screenshots} runs it; {@code bin/test} does not. */
@ExtendWith(BrowserFixture.class)
class Screenshots {
  @Test
  void take(EmulatorFixture emulator) throws Exception {
    emulator.clear();
    emulator.execute(Files.readString(Path.of("src/test/resources/screenshots.sql")));
    try (var browser = Browser.start()) {
      var page = new HomePage(emulator, browser);
      browser.resize(800, 760, 1.5);
      browser.prefer("light");
      page.signUp("Sam Okafor", "sam", "sam@example.com");
      page.write("Rooftop, eight o’clock, bring a lamp 🏮");
      browser.run("document.activeElement.blur()");
      save(browser, "page-light");
      browser.prefer("dark");
      save(browser, "page-dark");

      browser.resize(320, 658, 2);
      browser.prefer("light");
      page.open();
      save(browser, "page-small");
    }
  }

  private static void save(Browser browser, String name) throws IOException {
    var file = EmulatorFixture.ROOT.resolve("docs/" + name + ".webp");
    Files.write(file, Base64.getDecoder().decode(browser.picture()));
  }
}
