package cruddur.browser;

import static java.util.Objects.requireNonNull;

import cruddur.testbed.Wait;
import java.util.List;
import java.util.Map;

/** The home page in a browser. */
final class HomePage {
  private final String address;
  private final Browser browser;

  HomePage(EmulatorFixture emulator, Browser browser) {
    this(emulator.page(), browser);
  }

  /** The page at another of its origins. */
  HomePage(String address, Browser browser) {
    this.address = address;
    this.browser = browser;
  }

  record Activity(String name, String handle, String message) {}

  /** Opens the page without a session, and waits until the feed has loaded or failed. */
  HomePage open() {
    browser.open(address);
    if (browser.is("return sessionStorage.length > 0")) {
      browser.run("sessionStorage.clear()");
      browser.reload();
    }
    return awaitFeed();
  }

  HomePage reload() {
    browser.reload();
    return awaitFeed();
  }

  /** Scrolls until no older activities are left. */
  HomePage readToTheEnd() {
    Wait.until(
        "the feed has been read to its end",
        () ->
            browser.is(
                """
                scrollTo(0, document.documentElement.scrollHeight);
                return document.body.dataset.state === "ready" && document.querySelector("#older").hidden;
                """));
    return this;
  }

  HomePage awaitFeed() {
    Wait.until("the feed has loaded", () -> !state().equals("loading"));
    return this;
  }

  /** Opens the page and signs up. Each test needs another handle. */
  HomePage signUp(String name, String handle, String email) {
    open();
    browser.press("Sign up");
    browser.fill("Name (optional)", name);
    browser.fill("User name", handle);
    browser.fill("E-mail address", email);
    browser.press("Sign up");
    return awaitAccount();
  }

  HomePage signIn(String handle) {
    open();
    browser.press("Sign in");
    return enter(handle);
  }

  /** Signs in on the open login page. */
  HomePage enter(String handle) {
    browser.fill("User name", handle);
    browser.press("Sign in");
    return awaitAccount();
  }

  private HomePage awaitAccount() {
    Wait.until("a user is signed in", () -> !account().isEmpty());
    return awaitFeed();
  }

  HomePage write(String message) {
    browser.fill("Your crud", message);
    return this;
  }

  HomePage post() {
    browser.press("Post crud");
    return this;
  }

  /** Posts an activity, and waits until the feed begins with it. */
  HomePage post(String message) {
    write(message).post();
    return awaitFirst(message);
  }

  /** Waits until the feed begins with a message. */
  HomePage awaitFirst(String message) {
    Wait.until(
        "“%s” is first".formatted(message),
        () ->
            activities().stream()
                .limit(1)
                .anyMatch(activity -> activity.message().equals(message)));
    return this;
  }

  /** Loses the response to the next post, which the server has then stored. */
  void loseNextResponse() {
    browser.run(
        """
        const whole = window.fetch;
        window.fetch = async (address, options) => {
          const response = await whole(address, options);
          if (options?.method !== "POST") return response;
          window.fetch = whole;
          throw new TypeError("network error");
        };
        """);
  }

  /** Looks for new activities, as the page does now and then and when the network is back. */
  void refresh() {
    browser.run("dispatchEvent(new Event('online'))");
  }

  void scrollToTheEnd() {
    browser.run("scrollTo(0, document.documentElement.scrollHeight)");
  }

  /** The feed, from the top. */
  List<Activity> activities() {
    var script =
        """
        const text = (item, part) => item.querySelector(part).textContent;
        return [...document.querySelectorAll("ol#feed > li[data-uuid]")].map((item) =>
          ({name: text(item, ".name"), handle: text(item, ".handle"), message: text(item, ".message")}));
        """;
    return browser.list(script).stream()
        .map(item -> activity((Map<?, ?>) requireNonNull(item)))
        .toList();
  }

  private static Activity activity(Map<?, ?> item) {
    return new Activity(
        String.valueOf(item.get("name")),
        String.valueOf(item.get("handle")),
        String.valueOf(item.get("message")));
  }

  /** The uuids of the feed's activities, from the top. */
  List<String> uuids() {
    return List.of(
        browser
            .text(
                "return [...document.querySelectorAll('#feed > li')].map(li =>"
                    + " li.dataset.uuid).join(' ')")
            .split(" "));
  }

  /** {@code loading}, {@code ready}, {@code empty} or {@code error}. */
  String state() {
    return browser.text("return document.body?.dataset.state ?? 'loading'");
  }

  String draft() {
    return browser.text("return document.querySelector('textarea').value");
  }

  /** The name of the user; empty without a session. */
  String account() {
    return browser.text("return document.querySelector('#account')?.textContent ?? ''");
  }

  /** The text of the live region. */
  String status() {
    return browser.text("return document.querySelector('#status').textContent");
  }

  /** The problem that the page shows; empty if there is none. */
  String problem() {
    return browser.text("return document.querySelector('#problem')?.textContent ?? ''");
  }

  /** Waits for a problem and returns it. */
  String awaitProblem() {
    Wait.until("the page complains", () -> !problem().isEmpty());
    return problem();
  }
}
