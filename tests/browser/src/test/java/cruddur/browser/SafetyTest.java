package cruddur.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cruddur.testbed.Wait;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Content-Security-Policy stops scripts that were injected into the page. */
class SafetyTest extends PageTest {
  /** Ways to inject a script; each sets {@code window.broken}. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // A script element with a text.
        "const it = document.createElement('script'); it.text = 'broken = true';"
            + " document.body.append(it)",
        // An event handler in markup.
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\" onerror=\"broken ="
            + " true\">')",
        // A link that is a script.
        "document.body.insertAdjacentHTML('beforeend', '<a href=\"javascript:void(window.broken ="
            + " true)\">x</a>');document.body.lastElementChild.click()",
        // A script from elsewhere.
        "const it = document.createElement('script'); it.src = 'data:text/javascript,broken=true';"
            + " document.body.append(it)",
        // A text that is made a program.
        "setTimeout('broken = true')"
      })
  void whatIsInjectedDoesNotRun(String injection) {
    browser.open("data:text/html,<body>");
    inject(injection);
    Wait.until("without the policy it runs", () -> browser.is("return Boolean(window.broken)"));

    page.open();
    inject(injection);
    Wait.until(
        "it has run, or has been stopped",
        () ->
            browser.is(
                """
                return Boolean(window.broken) ||
                  violations.some((each) => each.startsWith("script-src"));
                """));
    assertEquals("undefined", browser.text("return typeof window.broken"));
  }

  private static void inject(String injection) {
    browser.run(
        "window.violations = [];addEventListener('securitypolicyviolation', (event) =>"
            + " violations.push(event.effectiveDirective));"
            + injection);
  }
}
