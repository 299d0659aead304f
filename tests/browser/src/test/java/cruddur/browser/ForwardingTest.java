package cruddur.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cruddur.postgres.Proxy;
import cruddur.testbed.Tls;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebDriverException;

/** The page, the API and the sign-in at one port, with any host name. */
@ExtendWith(BrowserFixture.class)
class ForwardingTest {
  @TempDir private Path folder;

  /**
   * As in a codespace: the browser reaches the page's port at an https host name, and nothing else
   * of the workspace.
   */
  @Test
  void oneForwardedPortIsEnoughToSignUpPostAndSignOut(EmulatorFixture emulator) throws Exception {
    emulator.clear();
    var host = emulator.forwardedHost();
    var origin = "https://" + host;
    Tls.certify(folder, host);
    try (var forwarder = Proxy.terminatingTls(Tls.context(folder), emulator.pagePort());
        var browser =
            Browser.start(
                "--ignore-certificate-errors-spki-list=" + Tls.publicKeyHash(folder),
                "--host-resolver-rules=MAP %s:443 127.0.0.1:%d, MAP * ~NOTFOUND"
                    .formatted(host, forwarder.port()))) {
      assertThrows(WebDriverException.class, () -> browser.open(emulator.page()));
      browser.traffic();
      browser.consoleErrors();

      var page = new HomePage(origin, browser);
      page.signUp("Talia Winters", "Talia", "talia@b5.example");
      assertEquals("Talia Winters", page.account());
      assertEquals(origin + "/", browser.address());

      page.post("I hear you.");
      page.reload();
      assertEquals("Talia Winters", page.account());
      assertEquals("I hear you.", page.activities().getFirst().message());

      browser.press("Sign out");
      browser.button("Sign in");
      assertEquals(origin + "/", browser.address());
      page.reload();
      assertEquals("", page.account());
      assertFalse(browser.element("textarea").isDisplayed());

      page.signIn("Talia");
      assertEquals("Talia Winters", page.account());
      assertEquals(List.of(), browser.consoleErrors());
      assertEquals(Set.of(origin), browser.traffic().origins());
    }
  }

  @Test
  void theOtherNameOfThisMachineServesAsWell(EmulatorFixture emulator, Browser browser)
      throws Exception {
    emulator.clear();
    var page = new HomePage(emulator.pageByName(), browser).signIn("altbrown");
    page.post("By name.");
    assertEquals(emulator.pageByName() + "/", browser.address());
    assertEquals(List.of(), browser.consoleErrors());
    assertEquals(Set.of(emulator.pageByName()), browser.traffic().origins());
  }
}
