package cruddur.browser;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.testbed.MessageCase;
import cruddur.testbed.Wait;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Activities with any text keep to their place: the column's width and a limited height. */
class FeedLayoutTest extends PageTest {
  private static final String EMOJI_CHAIN = "\ud83d\ude00\u200d".repeat(49) + "\ud83d\ude00";

  /** Lists what is too wide, too high, or cut off without a button. */
  private static final String VIOLATIONS =
      """
      const column = document.querySelector("#feed").getBoundingClientRect();
      const root = document.scrollingElement;
      const violations = root.scrollWidth > root.clientWidth ? ["the page: " + root.scrollWidth] : [];
      for (const item of document.querySelectorAll("#feed > li")) {
        const report = (what) => violations.push(what + ": " + item.querySelector(".message").textContent.slice(0, 9));
        const box = item.getBoundingClientRect();
        if (box.right > column.right || box.height > 600) report([box.width, box.height]);
        for (const text of item.querySelectorAll(".name, .handle, .message")) {
          if (text.getBoundingClientRect().right > box.right) report("wider than its activity");
          const isCutOff = text.scrollHeight > text.clientHeight + 1 || text.scrollWidth > text.clientWidth + 1;
          if (isCutOff && item.querySelector(".more")?.hidden !== false) report("cut off");
        }
      }
      return JSON.stringify(violations);
      """;

  @BeforeAll
  static void fillTheFeed() throws Exception {
    emulator.clear();
    for (var name : List.of("W".repeat(100), EMOJI_CHAIN, "Z" + "\u0301".repeat(99))) {
      insertAuthor(name);
    }
    for (var message : messages()) {
      insert(message);
    }
    page.open().readToTheEnd();
  }

  private static List<String> messages() {
    return MessageCase.all().stream()
        .filter(MessageCase::isValid)
        .map(MessageCase::message)
        .toList();
  }

  /** Inserts an author with an activity, so that the name is on the page. */
  private static void insertAuthor(String name) throws Exception {
    emulator.execute(
        """
        with author as (
          insert into users (display_name, handle, email, cognito_user_id)
          select $a$%s$a$, repeat('m', 55) || id, id || '@layout.example', 'layout-' || id
          from substr(md5($a$%s$a$), 1, 8) as id
          returning uuid
        )
        insert into activities (user_uuid, message, expires_at)
        select uuid, 'A long name', now() + interval '168 hours' from author
        """
            .formatted(name, name));
  }

  private static void insert(String message) throws Exception {
    emulator.execute(
        """
        insert into activities (user_uuid, message, expires_at)
        select uuid, $m$%s$m$, now() + interval '168 hours' from users where handle = 'bayko'
        """
            .formatted(message));
  }

  @AfterAll
  static void clear() throws Exception {
    emulator.clear();
    emulator.execute("delete from users where cognito_user_id like 'layout-%'");
  }

  @Test
  void textsAreShownAsTheyAre() {
    var shown = page.activities().stream().map(HomePage.Activity::message).toList();
    assertEquals(
        Stream.concat(messages().reversed().stream(), Stream.generate(() -> "A long name").limit(3))
            .toList(),
        shown);
  }

  /** The content of an element has invisible characters too, so this test measures the text. */
  @Test
  void visibleTextsAreDrawn() {
    var visible =
        MessageCase.all().stream()
            .filter(each -> each.page().startsWith("visible"))
            .map(MessageCase::message)
            .toList();
    assertTrue(visible.containsAll(List.of("\u06dd", "\u0600", "\ud804\udcbd")));
    var drawn =
        browser.list(
            """
            return [...document.querySelectorAll("#feed .message")].filter((message) => {
              const text = document.createRange();
              text.selectNodeContents(message);
              return text.getBoundingClientRect().width > 0;
            }).map((message) => message.textContent);
            """);
    assertEquals(List.of(), visible.stream().filter(each -> !drawn.contains(each)).toList());
  }

  @Test
  void noActivityIsWiderThanItsColumnOrFillsAScreen() {
    for (var width : List.of(320, 375, 768, 1280)) {
      layOut(width);
      assertEquals("[]", browser.text(VIOLATIONS), width + " px");
    }
  }

  @Test
  void noActivityIsDrawnOverItsNeighbours() {
    layOut(320);
    var shown = browser.wholePage();
    browser.run("document.querySelector('#feed').style.visibility = 'hidden'");
    var hidden = browser.wholePage();
    browser.run("document.querySelector('#feed').style.visibility = ''");
    // The gaps are without the smoothed edges of both activities.
    var gaps =
        browser.list(
            """
            return [...document.querySelectorAll("#feed > li")].slice(1).map((item) => {
              const above = item.previousElementSibling.getBoundingClientRect();
              return {from: Math.ceil(above.bottom + scrollY) + 2, to: Math.floor(item.getBoundingClientRect().top + scrollY) - 2};
            });
            """);
    assertEquals(page.activities().size() - 1, gaps.size());
    for (var gap : gaps) {
      for (var y = number(gap, "from"); y < number(gap, "to"); y++) {
        for (var x = 0; x < 320; x++) {
          assertEquals(hidden.getRGB(x, y), shown.getRGB(x, y), "at " + x + ", " + y);
        }
      }
    }
  }

  private static int number(Object object, String name) {
    return ((Number) requireNonNull(((Map<?, ?>) object).get(name))).intValue();
  }

  @Test
  void theRestIsShownOnDemandByKeyboardToo() {
    layOut(375);
    focusButtonOf("a\n\n");
    browser.press(Keys.ENTER);
    assertEquals("Show less", browser.text("return document.activeElement.textContent"));
    assertTrue(browser.is("return isWhole(message)"), "all 280 lines");
    browser.press(Keys.ENTER);
    assertFalse(browser.is("return isWhole(message)"));
    assertEquals("Show all", browser.text("return document.activeElement.textContent"));

    focusButtonOf("\ud83d\ude00\u200d");
    browser.press(Keys.ENTER);
    browser.run("message.focus()");
    browser.press(Keys.END);
    browser.press(Keys.ARROW_RIGHT);
    Wait.until("it scrolls sideways", () -> browser.is("return message.scrollLeft > 0"));
    assertEquals(0L, browser.run("return scrollX"));
    browser.assertAccessible();
  }

  /**
   * Focuses the button of the activity that begins with a text, and stores its message in {@code
   * window.message}.
   */
  private static void focusButtonOf(String beginning) {
    browser.run(
        """
        window.isWhole = (text) => text.scrollHeight <= text.clientHeight + 1;
        window.message = [...document.querySelectorAll(".message")]
          .find((each) => each.textContent.startsWith(arguments[0]));
        message.closest("li").querySelector(".more").focus();
        """,
        beginning);
  }

  /** Makes the window this wide and waits until the page has laid itself out. */
  private static void layOut(int width) {
    browser.resize(width, 640, 1);
    browser.run(
        "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>"
            + " setTimeout(done))))");
  }
}
