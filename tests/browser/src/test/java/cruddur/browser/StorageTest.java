package cruddur.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With damaged, full or blocked session storage, the feed is readable and the page says why. */
class StorageTest extends PageTest {
  private static final String BLOCKED =
      "This browser does not let this page store anything: you can read, but not sign in."
          + " Allow site data for this page, then reload it.";
  private static final String FULL =
      "This tab has no room left to store anything: a reload loses your sign-in and what you"
          + " write. Open the page in a new tab.";
  private static final String DAMAGED =
      "What this tab had stored was damaged and is gone. You may have to sign in again.";
  private static final String NO_SIGN_IN =
      "Signing in is not possible here, because this browser stores nothing for this page.";

  @BeforeEach
  void writeAFeed() throws Exception {
    emulator.clear();
    emulator.fill(2);
  }

  @Test
  void withHealthyStorageThereIsNoRemark() {
    page.open();
    assertFalse(browser.element("#remark").isDisplayed());
    assertEquals(0L, browser.run("return sessionStorage.length"), "a reader leaves nothing behind");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "\"text\"",
        "{\"access\": \"only\"}",
        "{\"access\": \"a.b.c\", \"person\": {}}",
        "{\"access\": \"\u2192\", \"person\": {\"name\": \"Londo\"}}",
        "{\"message\": \"m\", \"key\": \"\u2192\"}",
        "{\"message\": \"m\", \"key\": \"\"}",
        "{\"message\": \"m\", \"key\": {}}"
      })
  void damagedStorageIsDropped(String damaged) {
    page.open();
    for (var name : List.of("session", "draft", "pending")) {
      browser.run("sessionStorage.setItem(arguments[0], arguments[1])", name, damaged);
    }
    page.reload();
    assertReadable(page, DAMAGED);
    assertEquals("", page.account());
    assertEquals("", page.draft());
    page.reload();
    assertFalse(browser.element("#remark").isDisplayed(), "it is gone");
    assertEquals(List.of(), browser.consoleErrors());
  }

  @Test
  void afterDamageSigningInWorks() {
    page.open();
    browser.run("['session', 'draft', 'pending'].forEach((it) => sessionStorage.setItem(it, '{'))");
    page.reload();
    browser.press("Sign in");
    page.enter("londo").post("Back again");
    assertEquals("", page.problem());
  }

  @Test
  void aFullTabReadsAndSaysWhySigningInIsNotPossible() {
    page.open();
    fill();
    page.reload();
    assertReadable(page, FULL);
    browser.press("Sign in");
    assertEquals(NO_SIGN_IN, page.awaitProblem());
    assertEquals(emulator.page() + "/", browser.address());
    browser.assertAccessible();
    assertEquals(List.of(), browser.consoleErrors());
  }

  /** The page removes the state of a sign-in. It had none, so this makes no room. */
  @Test
  void aFullTabStaysFullWhereNothingIsRemoved() {
    page.open();
    fill();
    browser.open(emulator.page() + "/?code=stolen&state=of-another");
    page.awaitFeed();
    assertEquals("That sign-in was not begun in this tab. Sign in here.", page.awaitProblem());
    assertReadable(page, FULL);
  }

  @Test
  void inATabThatGetsFullAnActivityIsStillPostedOnce() throws Exception {
    page.signIn("londo");
    fill();
    page.loseNextResponse();
    page.write("Short of room");
    assertEquals("13 of 280", browser.element("#counter").getText());
    assertEquals(FULL, remark());
    page.post().awaitProblem();
    browser.press("Try again");
    page.awaitFirst("Short of room");
    assertEquals(3, emulator.column("select message from activities").size());
    assertFalse(browser.element("#remark").isDisplayed(), "nothing waits to be stored");
  }

  /** Fills the tab's session storage completely. */
  private static void fill() {
    browser.run(
        """
        for (let size = 1 << 22, name = 0; size >= 1; ) {
          try {
            sessionStorage.setItem("x" + name++, "x".repeat(size));
          } catch {
            size = size >> 1;
          }
        }
        """);
  }

  @Test
  void aBrowserThatBlocksSiteDataReadsAndSaysWhatToDo() {
    try (var blocking =
        Browser.start(Map.of("profile.default_content_setting_values.cookies", 2))) {
      blocking.open(emulator.page());
      var reading = new HomePage(emulator, blocking).awaitFeed();
      assertTrue(
          blocking.is("try { return !sessionStorage } catch { return true }"),
          "session storage is blocked");
      assertEquals(List.of("activity 1", "activity 2"), messages(reading));
      assertEquals(BLOCKED, blocking.element("#remark").getText());
      blocking.press("Sign in");
      assertEquals(NO_SIGN_IN, reading.awaitProblem());
      blocking.assertAccessible();
      assertEquals(List.of(), blocking.consoleErrors());
    }
  }

  private static void assertReadable(HomePage reading, String sentence) {
    assertEquals(List.of("activity 1", "activity 2"), messages(reading));
    assertEquals(sentence, remark());
  }

  private static List<String> messages(HomePage reading) {
    return reading.activities().stream().map(HomePage.Activity::message).toList();
  }

  private static String remark() {
    return browser.element("#remark").getText();
  }
}
