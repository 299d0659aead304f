package cruddur.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.testbed.Wait;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After any refresh, older activities still load to the end, each live activity once. */
class PagingTest extends PageTest {
  @BeforeAll
  static void signIn() {
    page.signIn("altbrown");
  }

  @BeforeEach
  void openAFeedOfThreePages() throws Exception {
    browser.resize(1000, 700, 1);
    emulator.clear();
    emulator.fill(55);
    browser.run("scrollTo(0, 0)");
    page.reload();
    assertEquals(20, page.activities().size());
  }

  @Test
  void afterActivitiesCameAndExpired() throws Exception {
    // A click by the driver would scroll to the end, which loads the next page too.
    browser.run("document.getElementById('older').click()");
    awaitCount(40);
    browser.run("scrollTo(0, 1000)");
    publish(3);
    expire("activity 10", "activity 40", "activity 41", "activity 50");
    page.refresh();
    browser.press("3 new cruds");
    assertEachLiveActivityOnce();
  }

  @Test
  void afterMoreCameThanFitOnAPage() throws Exception {
    publish(25);
    refreshToTheNewest();
    assertEachLiveActivityOnce();
  }

  @Test
  void whenTheEndIsReachedDuringARefresh() throws Exception {
    delayRequests("(address) => !address.includes('before')");
    page.refresh();
    awaitDelayed();
    page.scrollToTheEnd();
    // The end of the list came into view during the refresh, so no further event follows.
    browser.run("return new Promise((done) => setTimeout(done, 200))");
    release();
    awaitCount(40);
    assertEachLiveActivityOnce();
  }

  @Test
  void whenTheListIsReplacedWhileAnOlderPageIsOnItsWay() throws Exception {
    browser.run("scrollTo(0, document.querySelector('#feed').offsetTop + 10)");
    publish(25);
    page.refresh();
    browser.button("20+ new cruds");
    delayRequests("(address) => address.includes('before')");
    page.scrollToTheEnd();
    awaitDelayed();
    browser.press("20+ new cruds");
    release();
    assertEachLiveActivityOnce();
  }

  @Test
  void whenTheUsersOwnActivityEndsTheNewestPage() throws Exception {
    publish(5);
    page.post("Mine, above five that are not shown");
    publish(19);
    refreshToTheNewest();
    assertEachLiveActivityOnce();
  }

  /**
   * The late activity's environment had a clock that was a second slow, or its call took a second.
   */
  @Test
  void afterAnActivityCameBelowNewerOnesThatFillAPage() throws Exception {
    emulator.execute(
        """
        insert into activities (uuid, user_uuid, message, created_at, expires_at)
        select uuid_v7(at), user_uuid, 'late', at, at + interval '24 hours'
        from activities, lateral (values (created_at - interval '1 second')) as moment (at)
        where message = 'activity 1'
        """);
    publish(19);
    refreshToTheNewest();
    assertEachLiveActivityOnce();
  }

  /** The page of the feed ends within the burst, and a late activity may be below it. */
  @Test
  void afterABurstThatFillsAPage() throws Exception {
    publish(30);
    page.reload();
    browser.run("window.shown = document.querySelector('#feed > li')");
    publish(1);
    refreshToTheNewest();
    assertTrue(browser.is("return shown.isConnected"), "what is shown stays as the reader has it");
    assertEachLiveActivityOnce();
  }

  @Test
  void afterTheListWasCutForAReaderAtTheTop() throws Exception {
    emulator.fill(160);
    page.reload().readToTheEnd();
    var count = live().size();
    publish(1);
    page.refresh();
    browser.button("1 new crud");
    assertEquals(
        count, page.activities().size(), "nothing is removed while the reader is further down");
    browser.run(
        """
        window.unobserved = 0;
        const whole = ResizeObserver.prototype.unobserve;
        ResizeObserver.prototype.unobserve = function (target) {
          unobserved++;
          whole.call(this, target);
        };
        """);
    browser.press("1 new crud");
    Wait.until("the list is cut", () -> page.activities().size() == 200);
    assertEquals(count + 1 - 200L, browser.run("return unobserved"));
    assertEachLiveActivityOnce();
  }

  @Test
  void afterAllThatWereShownHaveExpired() throws Exception {
    emulator.execute(
        """
        update activities set expires_at = created_at + interval '720 hours'
        where uuid not in (select uuid from activities order by uuid desc limit 20)
        """);
    // The clock is eight days ahead, and every request fails except those for older activities.
    browser.run(
        """
        const whole = window.fetch;
        window.fetch = (address, options) =>
          String(address).includes("before") ? whole(address, options) : Promise.reject(new TypeError("network error"));
        const real = Date.now;
        Date.now = () => real() + 8 * 86_400_000;
        window.states = [];
        new MutationObserver(() => states.push(document.body.dataset.state))
          .observe(document.body, {attributeFilter: ["data-state"]});
        """);
    page.refresh();
    var older = live().subList(20, 55);
    Wait.until("older ones are shown", () -> page.uuids().getFirst().equals(older.getFirst()));
    assertEquals(older, page.readToTheEnd().uuids());
    assertEquals("", browser.text("return states.filter((each) => each === 'empty').join()"));
  }

  /** Inserts activities of another author, newer than all before. */
  private static void publish(int count) throws Exception {
    emulator.execute(
        """
        insert into activities (user_uuid, message, expires_at)
        select uuid, 'news ' || number, now() + interval '24 hours'
        from users, generate_series(1, %d) as number
        where handle = 'londo'
        """
            .formatted(count));
  }

  private static void expire(String... messages) throws Exception {
    for (var message : messages) {
      emulator.execute(
          "update activities set created_at = now() - interval '1 hour', expires_at = now()"
              + " where message = '%s'".formatted(message));
    }
  }

  private static List<String> live() throws Exception {
    return emulator.column(
        "select uuid from activities where expires_at > now() order by uuid desc");
  }

  private static void refreshToTheNewest() throws Exception {
    page.refresh();
    var newest = live().getFirst();
    Wait.until("the newest is first", () -> page.uuids().getFirst().equals(newest));
  }

  private static void awaitCount(int count) {
    Wait.until(count + " activities are shown", () -> page.activities().size() >= count);
  }

  /** Delays the requests whose address meets a condition. */
  private static void delayRequests(String condition) {
    browser.run(
        """
        const whole = window.fetch;
        const isDelayed = %s;
        window.delayed = 0;
        const opened = new Promise((open) => (window.release = open));
        window.fetch = async (address, options) => {
          if (String(address).includes("/activities/home") && isDelayed(String(address))) {
            delayed++;
            await opened;
          }
          return whole(address, options);
        };
        """
            .formatted(condition));
  }

  private static void awaitDelayed() {
    Wait.until("a request is delayed", () -> browser.is("return delayed > 0"));
  }

  private static void release() {
    browser.run("release()");
  }

  private static void assertEachLiveActivityOnce() throws Exception {
    page.readToTheEnd();
    var shown = page.uuids();
    var sorted = new ArrayList<>(new HashSet<>(shown));
    sorted.sort((one, other) -> other.compareTo(one));
    assertEquals(sorted, shown, "each once, newest first");
    var missing = new ArrayList<>(live());
    missing.removeAll(shown);
    assertTrue(missing.isEmpty(), "missing: " + missing);
  }
}
