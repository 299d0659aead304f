package cruddur.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.browser.HomePage.Activity;
import cruddur.lambda.VisibleText;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An activity is posted once and unchanged, or the page says why not. */
class PostingTest extends PageTest {
  @BeforeAll
  static void signIn() {
    page.signIn("andrewbrown");
  }

  @BeforeEach
  void reload() throws Exception {
    emulator.clear();
    browser.run("sessionStorage.removeItem('draft')");
    page.reload();
  }

  private static List<String> stored() throws Exception {
    return emulator.column("select message from activities");
  }

  private static List<String> shown() {
    return page.activities().stream().map(Activity::message).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>document.title = 'broken'</script> & <b>bold</b>",
        "<img src=x onerror=\"document.title = 'broken'\">",
        "A family: 👨‍👩‍👧‍👦, a pirate: 🏴‍☠️, thumbs: 👍🏽",
        "שלום עולם, مرحبا بالعالم, hello",
        "two\nlines",
        "\u06dd"
      })
  void whatIsWrittenComesBackAsWritten(String message) throws Exception {
    page.post(message);
    assertEquals(List.of(message), stored());
    page.reload();
    assertEquals(List.of(message), shown());
    assertEquals("Cruddur", browser.text("return document.title"));
  }

  @Test
  void charactersAreCountedAsTheServerCountsThem() throws Exception {
    var hearts = "💚".repeat(280);
    page.write(hearts);
    assertEquals("280 of 280", browser.element("#counter").getText());
    page.post().awaitFirst(hearts);
    assertEquals(List.of(hearts), stored());
    page.reload();
    assertEquals(List.of(hearts), shown());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n ", "\u200b\u200b", "\u3164"})
  void blankActivitiesAreRefusedWithASentence(String blank) throws Exception {
    page.write(blank).post();
    assertEquals(
        "Write something first: there is nothing to see in this crud.", page.awaitProblem());
    assertEquals(blank, page.draft());
    assertEquals(List.of(), stored());
  }

  @Test
  void thePageSeesTheCharactersThatTheServerSees() {
    var blank =
        browser.text(
            """
            return import("./problems.js").then(({isBlank}) => {
              const blank = [];
              for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++)
                if (isBlank(String.fromCodePoint(codePoint))) blank.push(codePoint);
              return blank.join(" ");
            });
            """);
    assertEquals(
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(codePoint -> VisibleText.isBlank(Character.toString(codePoint)))
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(" ")),
        blank);
  }

  @Test
  void longActivitiesAreRefusedWithASentenceAndKept() throws Exception {
    var tooLong = "x".repeat(281);
    page.write(tooLong).post();
    assertEquals("This crud is too long. Shorten it to 280 characters.", page.awaitProblem());
    assertEquals(tooLong, page.draft());
    assertEquals(List.of(), stored());

    page.post("x".repeat(280));
    assertEquals("", page.problem());
  }

  @Test
  void aDoubleClickPostsOnce() throws Exception {
    browser.run(
        """
        const whole = window.fetch;
        window.sent = [];
        window.fetch = (...all) => {
          sent.push(whole(...all));
          return sent.at(-1);
        };
        """);
    page.write("Twice?");
    browser.pressTwice("Post crud");
    page.awaitFirst("Twice?");
    page.write("And");
    // Both clicks are in one turn of the page's event loop.
    browser.run("const post = document.querySelector('#post'); post.click(); post.click();");
    page.awaitFirst("And");
    assertTrue(browser.is("return Promise.allSettled(sent).then(() => true)"));
    assertEquals(List.of("And", "Twice?"), shown());
    assertEquals(
        List.of("And", "Twice?"),
        emulator.column("select message from activities order by uuid desc"));
  }

  @Test
  void anActivityWhoseResponseWasLostIsPostedOnceByTheRetry() throws Exception {
    page.loseNextResponse();
    page.write("Did it arrive?").post();
    assertTrue(page.awaitProblem().startsWith("Cruddur does not answer."), page.problem());
    assertEquals(List.of("Did it arrive?"), stored());
    browser.press("Try again");
    page.awaitFirst("Did it arrive?");
    assertEquals(List.of("Did it arrive?"), stored());
    assertEquals(List.of("Did it arrive?"), shown());
  }

  @Test
  void anAuthorAtTheLimitIsToldWhenToTryAgain() throws Exception {
    emulator.execute(
        """
        insert into activities (uuid, user_uuid, message, created_at, expires_at)
        select uuid_v7(at), users.uuid, 'one of thirty', at, at + interval '1 hour'
        from
          users,
          generate_series(1, 30) as number,
          lateral (values (now() - interval '2 minutes' - make_interval(secs => number))) as moment (at)
        where handle = 'andrewbrown'
        """);
    page.write("One more").post();
    var told = page.awaitProblem();
    assertTrue(
        told.matches(".* Your crud is kept: try again after \\d+:\\d\\d\\h[AP]M\\. .*"), told);
    assertEquals("One more", page.draft());
    var key = browser.text("return JSON.parse(sessionStorage.getItem('draft')).key");

    browser.run("window.fetch = () => window.asked = true");
    browser.press("Try again");
    assertTrue(page.status().matches("Not before \\d+:\\d\\d\\h[AP]M\\."), page.status());
    assertEquals(told, page.problem());
    assertFalse(browser.is("return Boolean(window.asked)"), "the server is not asked before");

    // A new load forgets the time, and keeps the text and its key.
    emulator.clear();
    page.reload();
    assertEquals("One more", page.draft());
    page.post().awaitFirst("One more");
    assertEquals(List.of(key), emulator.column("select idempotency_key from activities"));
  }

  @Test
  void anActivityHasTheTimeToLiveThatIsChosen() throws Exception {
    assertEquals(
        "7 days", browser.text("return document.querySelector('#ttl').selectedOptions[0].text"));
    browser.field("It lives for").sendKeys("3 hours");
    page.post("Not for long.");
    assertEquals(
        List.of("03:00:00"), emulator.column("select expires_at - created_at from activities"));
    assertFalse(shown().isEmpty());
  }
}
