package cruddur.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.browser.HomePage.Activity;
import cruddur.testbed.Wait;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A whole visit, from the first load to signing out. */
@ExtendWith(BrowserFixture.class)
class JourneyTest {
  @Test
  void aStrangerReadsSignsUpPostsIsSeenByOthersAndSignsOut(
      EmulatorFixture emulator, Browser browser) throws Exception {
    emulator.clear();
    emulator.fill(3);
    var page = new HomePage(emulator, browser).open();
    assertEquals("", page.account());
    assertEquals(
        List.of("activity 1", "activity 2", "activity 3"),
        page.activities().stream().map(Activity::message).toList());
    assertEquals(
        new Activity("Andrew Bayko", "@bayko", "activity 1"), page.activities().getFirst());

    page.signUp("Susan Ivanova", "Ivanova", "ivanova@b5.example");
    assertEquals("Susan Ivanova", page.account());
    assertEquals(emulator.page() + "/", browser.address(), "no code stays in the address bar");
    assertEquals(
        List.of("Susan Ivanova <ivanova@b5.example>"),
        emulator.column(
            "select display_name || ' <' || email || '>' from users where handle = 'Ivanova'"));

    page.post("Ivanova is always right.");
    var mine = new Activity("Susan Ivanova", "@Ivanova", "Ivanova is always right.");
    assertEquals(mine, page.activities().getFirst());
    assertEquals(4, page.activities().size());
    assertEquals("", page.draft());
    assertTrue(page.status().startsWith("Posted."), page.status());

    page.reload();
    assertEquals("Susan Ivanova", page.account());
    assertEquals(mine, page.activities().getFirst());

    try (var other = Browser.start()) {
      assertEquals(mine, new HomePage(emulator, other).open().activities().getFirst());
    }

    browser.press("Sign out");
    Wait.until("the stranger is back", () -> browser.button("Sign in").isDisplayed());
    page.reload();
    assertEquals("", page.account());
    assertFalse(browser.element("textarea").isDisplayed());

    assertEquals(List.of(), browser.consoleErrors());
    assertEquals(Set.of(emulator.page()), browser.traffic().origins());
  }

  @Test
  void theFirstLoadIsSmallAndAsksThePagesServerAlone(EmulatorFixture emulator) throws Exception {
    emulator.clear();
    emulator.fill(25);
    try (var browser = Browser.start()) {
      browser.open(emulator.page());
      new HomePage(emulator, browser).awaitFeed();
      var traffic = browser.traffic();
      assertEquals(Set.of(emulator.page()), traffic.origins());
      assertTrue(traffic.addresses().contains(emulator.page() + "/api/activities/home"));
      assertTrue(
          traffic.bytes() > 5_000 && traffic.bytes() < 60_000, traffic.bytes() + " bytes came");
    }
  }
}
