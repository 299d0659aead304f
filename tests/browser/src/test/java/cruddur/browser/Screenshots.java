package cruddur.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Takes the pictures of the README; {@code bin/screenshots} runs it, {@code bin/test} does not. */
@ExtendWith(BrowserFixture.class)
class Screenshots {
  @Test
  void take(EmulatorFixture emulator) throws Exception {
    emulator.clear();
    emulator.execute(scene());
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

  private static String scene() throws IOException {
    try (var file = Screenshots.class.getResourceAsStream("/screenshots.sql")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
    }
  }

  private static void save(Browser browser, String name) {
    try {
      var file = EmulatorFixture.ROOT.resolve("docs").resolve(name + ".webp");
      Files.createDirectories(file.getParent());
      Files.write(file, Base64.getDecoder().decode(browser.picture()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
