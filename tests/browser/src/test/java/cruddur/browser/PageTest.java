package cruddur.browser;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test of the home page, in one browser for the whole class. */
@ExtendWith(BrowserFixture.class)
abstract class PageTest {
  @AutoClose static Browser browser;
  static EmulatorFixture emulator;
  static HomePage page;

  @BeforeAll
  static void start(EmulatorFixture shared) {
    emulator = shared;
    browser = Browser.start();
    page = new HomePage(emulator, browser);
  }
}
