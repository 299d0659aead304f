package cruddur.browser;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test of the home page, in one tab for the whole class. */
@ExtendWith(BrowserFixture.class)
abstract class PageTest {
  static Browser browser;
  static EmulatorFixture emulator;
  static HomePage page;

  @BeforeAll
  static void start(EmulatorFixture sharedEmulator, Browser sharedBrowser) {
    emulator = sharedEmulator;
    browser = sharedBrowser;
    page = new HomePage(emulator, browser);
  }
}
