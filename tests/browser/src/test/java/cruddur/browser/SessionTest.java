package cruddur.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import cruddur.testbed.Wait;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session is renewed without the user. When it has ended, the page asks to sign in. */
class SessionTest extends PageTest {
  @BeforeEach
  void signIn() throws Exception {
    // Activities that other tests insert for this author count for the limit of posts.
    emulator.clear();
    page.signIn("londo");
  }

  /**
   * Makes the page's access token expire. A refresh token that is not empty replaces the page's
   * own.
   */
  private void expire(String refreshToken) {
    browser.run(
        """
        const session = JSON.parse(sessionStorage.getItem("session"));
        const refresh = arguments[0] || session.refresh;
        sessionStorage.setItem("session", JSON.stringify({...session, expires: 0, refresh}));
        """,
        refreshToken);
    page.reload();
  }

  private static String accessToken() {
    return stored("access");
  }

  private static String refreshToken() {
    return stored("refresh");
  }

  private static String stored(String token) {
    return browser.text(
        "return JSON.parse(sessionStorage.getItem('session'))[arguments[0]]", token);
  }

  @Test
  void aTokenThatHasRunOutIsRenewedInSilence() {
    var first = accessToken();
    var firstRefresh = refreshToken();
    expire("");
    page.post("Still the ambassador.");
    assertNotEquals(first, accessToken());
    assertNotEquals(firstRefresh, refreshToken(), "each use gives the next refresh token");
    assertEquals("", page.problem());
  }

  @Test
  void signingOutRevokesTheRefreshToken() throws Exception {
    // Each use returns the next token, since a used one is refused after a while.
    var token = new AtomicReference<>(refreshToken());
    Callable<Boolean> isRefused =
        () -> {
          token.set(emulator.refresh(token.get()));
          return token.get().isEmpty();
        };
    assertFalse(isRefused.call());
    browser.press("Sign out");
    Wait.until("the refresh token is revoked", isRefused);
    page.reload();
    assertEquals("", page.account());
  }

  @Test
  void aFailedRevocationStillSignsOut() {
    browser.run(
        """
        const connected = window.fetch;
        window.fetch = (address, options) =>
          String(address).endsWith("/revoke") ? Promise.reject(new TypeError("cut off")) : connected(address, options);
        """);
    browser.traffic();
    browser.press("Sign out");
    Wait.until(
        "the identity service signs out",
        () ->
            browser.traffic().addresses().stream()
                .anyMatch(address -> address.contains("/logout?")));
    page.awaitFeed();
    page.reload();
    assertEquals("", page.account());
  }

  @Test
  void aNewSignInKeepsWhatWasWritten() {
    expire("of no use");
    page.write("Where was I?").post();
    assertEquals(
        "Your sign-in has run out. Sign in again; your crud is kept.", page.awaitProblem());
    assertEquals("Where was I?", page.draft());
    browser.press("Sign in");
    page.enter("londo");
    assertEquals("Where was I?", page.draft());
    page.post().awaitFirst("Where was I?");
  }

  @Test
  void aSignInThatThisTabDidNotBeginSignsNoUserIn() {
    page.open();
    browser.open(emulator.page() + "/?code=stolen&state=of-another");
    page.awaitFeed();
    assertEquals("That sign-in was not begun in this tab. Sign in here.", page.awaitProblem());
    assertEquals("", page.account());
    assertEquals(emulator.page() + "/", browser.address());
  }
}
