package cruddur.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.testbed.Wait;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Without the database, the page says so and keeps the draft. */
class OutageTest extends PageTest {
  private static final String MESSAGE = "Cruddur’s database is not available right now.";

  @Test
  void thePageShowsAnOutageAndTheRetryPostsOnce() throws Exception {
    emulator.clear();
    emulator.fill(1);
    try (var stranger = Browser.start()) {
      page.signIn("andrewbrown");
      var reading = new HomePage(emulator, stranger);
      try (var outage = emulator.stopDatabase()) {
        page.write("Are you still there?").post();
        reading.open();
        assertTrue(page.awaitProblem().startsWith(MESSAGE), page.problem());
        assertEquals("Are you still there?", page.draft());
        browser.assertAccessible();

        assertEquals("error", reading.state());
        assertTrue(reading.awaitProblem().startsWith(MESSAGE), reading.problem());
        stranger.assertAccessible();
        outage.end();
      }
      // The page also reads the feed regularly, and may have done so meanwhile.
      Wait.until(
          "the feed is read again",
          () -> !reading.state().equals("error") || stranger.isPressed("Try again"));
      reading.awaitFirst("activity 1");
      assertEquals("", reading.problem());

      browser.press("Try again");
      page.awaitFirst("Are you still there?");
      assertEquals("", page.problem());
      assertEquals("", page.draft());
      assertEquals(
          List.of("Are you still there?", "activity 1"),
          emulator.column("select message from activities order by uuid desc"));
      assertEquals(2, page.activities().size());
    }
  }
}
