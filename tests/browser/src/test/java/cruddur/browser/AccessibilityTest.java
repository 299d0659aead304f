package cruddur.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cruddur.testbed.Wait;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** axe-core finds no violation. {@link OutageTest} has the states that need an outage. */
class AccessibilityTest extends PageTest {
  @BeforeEach
  void clear() throws Exception {
    emulator.clear();
  }

  @Test
  void whileTheFeedIsEmpty() {
    page.open();
    assertEquals("empty", page.state());
    browser.assertAccessible();
  }

  @Test
  void forAStrangerAndTheLoginPages() throws Exception {
    emulator.fill(21);
    page.open();
    assertEquals("ready", page.state());
    browser.assertAccessible();

    browser.press("Sign in");
    browser.button("Create an account");
    browser.assertAccessible();
    browser.press("Create an account");
    browser.fill("User name", "marcus");
    browser.assertAccessible();
    browser.run("document.forms[0].noValidate = true");
    browser.press("Sign up");
    Wait.until(
        "the form complains", () -> browser.is("return !!document.querySelector('[role=alert]')"));
    browser.assertAccessible();
  }

  @Test
  void forASignedInUser() {
    page.signIn("altbrown").post("Hello 💚");
    browser.assertAccessible();
    page.write("x".repeat(281)).post().awaitProblem();
    browser.assertAccessible();
    browser.run(
        """
        const session = JSON.parse(sessionStorage.getItem("session"));
        sessionStorage.setItem("session", JSON.stringify({...session, expires: 0, refresh: "of no use"}));
        """);
    page.reload().write("Too late").post();
    page.awaitProblem();
    browser.button("Sign in");
    browser.assertAccessible();
  }
}
