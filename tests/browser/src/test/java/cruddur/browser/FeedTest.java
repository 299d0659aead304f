package cruddur.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.testbed.Wait;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The feed for a reader, on screens of all widths. */
class FeedTest extends PageTest {
  @BeforeEach
  void clear() throws Exception {
    browser.resize(1000, 700, 1);
    browser.travelTo("");
    emulator.clear();
  }

  @Test
  void olderPagesLoadInOrderToTheEnd() throws Exception {
    emulator.fill(45);
    page.open();
    assertEquals(20, page.activities().size());
    browser.press("Older cruds");
    Wait.until("a second page is there", () -> page.activities().size() >= 40);
    page.scrollToTheEnd();
    Wait.until("a third page is there", () -> page.activities().size() >= 45);
    assertEquals(emulator.column("select uuid from activities order by uuid desc"), page.uuids());
    assertTrue(browser.is("return document.querySelector('#older').hidden"));
  }

  @Test
  void newActivitiesDoNotMoveTheReader() throws Exception {
    emulator.fill(20);
    page.open();
    page.scrollToTheEnd();
    var before = browser.run("return scrollY");
    emulator.execute(
        """
        insert into activities (user_uuid, message, expires_at)
        select uuid, 'Breaking news', now() + interval '24 hours' from users where handle = 'londo'
        """);
    page.refresh();
    browser.button("1 new crud");
    assertEquals(before, browser.run("return scrollY"));
    assertEquals("1 new crud", page.status());
    browser.press("1 new crud");
    page.awaitFirst("Breaking news");
    assertEquals(21, page.activities().size());
  }

  @Test
  void anEmptyFeedSaysSo() {
    page.open();
    assertEquals("empty", page.state());
    var note = browser.element("#note");
    assertTrue(note.isDisplayed());
    assertEquals("No cruds live at the moment. The first one could be yours.", note.getText());
  }

  @Test
  void timesAreTheReadersOwn() throws Exception {
    emulator.fill(1);
    page.open();
    assertEquals("1 minute ago", browser.element(".created").getText());
    assertEquals("expires in 7 days", browser.element(".expires").getText());
    var exact = browser.element(".expires").getAttribute("title");
    assertTrue(String.valueOf(exact).matches("\\w+, \\w+ \\d+, 20\\d\\d.*"), exact);
  }

  /** PostgreSQL's own text has no fraction for the first, and one digit for the second. */
  @Test
  void timesAreRightWithAnyFraction() throws Exception {
    emulator.execute(
        """
        insert into activities (uuid, user_uuid, message, created_at, expires_at)
        select uuid_v7(at), users.uuid, 'at ' || at, at, at + interval '1 hour'
        from
          users,
          unnest(array[0, 0.1, 0.123456]) as fraction,
          lateral (values (date_trunc('minute', now()) - make_interval(secs => fraction))) as moment (at)
        where handle = 'londo'
        """);
    browser.travelTo("Asia/Kolkata");
    page.open();
    var times = "[...document.querySelectorAll('#feed time')]";
    var responded =
        """
        return fetch("/api/activities/home").then((response) => response.json()).then((activities) =>
          activities.flatMap(({created_at, expires_at}) => [created_at, expires_at]));
        """;
    assertEquals(
        browser.list(responded),
        browser.list("return %s.map((it) => it.dateTime)".formatted(times)));
    var milliseconds =
        emulator.column(
            """
            select floor(extract(epoch from moment) * 1000)
            from activities, lateral (values (created_at), (expires_at)) as life (moment)
            order by uuid desc, moment
            """);
    assertEquals(6, milliseconds.size());
    var exact =
        """
        const exact = new Intl.DateTimeFormat(undefined, {dateStyle: "full", timeStyle: "long"});
        return arguments[0].map((it) => exact.format(Number(it)));
        """;
    assertEquals(
        browser.list(exact, milliseconds),
        browser.list("return %s.map((it) => it.title)".formatted(times)));
  }

  @Test
  void nothingIsWiderThanASmallScreen() throws Exception {
    browser.resize(320, 640, 1);
    emulator.fill(21);
    page.open();
    assertFits("signed out");
    browser.press("Sign in");
    browser.field("User name");
    assertFits("the login page");
    browser.press("Create an account");
    browser.field("E-mail address");
    assertFits("the sign-up page");
    page.signUp("N".repeat(64), "lennier-" + "n".repeat(50), "lennier@b5.example");
    assertFits("signed in");
    var word = "W".repeat(280);
    page.write(word);
    assertFits("writing");
    page.post(word);
    assertFits("a long word");
    page.write("x".repeat(281)).post().awaitProblem();
    assertFits("a complaint");
  }

  private static void assertFits(String where) {
    var script = "return [innerWidth, document.scrollingElement.scrollWidth].join()";
    assertEquals("320,320", browser.text(script), where);
  }
}
