package cruddur.browser;

import static java.util.Objects.requireNonNull;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import cruddur.local.template.Json;
import cruddur.testbed.Wait;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** A Chromium with an empty profile, deleted on close. */
final class Browser implements AutoCloseable {
  static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts a browser with further arguments of Chromium. */
  static Browser start(String... arguments) {
    return start(Map.of(), arguments);
  }

  /**
   * Starts a browser with preferences, such as a content setting, and further arguments of
   * Chromium.
   */
  static Browser start(Map<String, Object> preferences, String... arguments) {
    var options = new ChromeOptions();
    options.setExperimentalOption("prefs", preferences);
    options.setBinary(CHROMIUM.toString());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--lang=en-US");
    options.addArguments(arguments);
    options.setCapability(
        "goog:loggingPrefs", Map.of(LogType.PERFORMANCE, "ALL", LogType.BROWSER, "ALL"));
    var service = new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    return new Browser(new ChromeDriver(service, options));
  }

  /**
   * Opens an empty tab in place of the current one. A tab has its own session storage and its own
   * emulated window.
   */
  Browser inNewTab() {
    var before = driver.getWindowHandle();
    var tab = driver.switchTo().newWindow(WindowType.TAB).getWindowHandle();
    driver.switchTo().window(before).close();
    driver.switchTo().window(tab);
    var _ = traffic();
    var _ = consoleErrors();
    return this;
  }

  void open(String address) {
    driver.get(address);
  }

  void reload() {
    driver.navigate().refresh();
  }

  String address() {
    return String.valueOf(driver.getCurrentUrl());
  }

  /** The first element of a CSS selector, which must exist. */
  WebElement element(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  /** Waits for a visible button or link with a text. */
  WebElement button(String text) {
    Wait.until("there is a button “" + text + "”", () -> visible(text).isPresent());
    return visible(text).orElseThrow();
  }

  private Optional<WebElement> visible(String text) {
    var path = By.xpath("//*[self::button or self::a][normalize-space()='%s']".formatted(text));
    try {
      return driver.findElements(path).stream().filter(WebElement::isDisplayed).findFirst();
    } catch (StaleElementReferenceException _) {
      return Optional.empty();
    }
  }

  /** Waits for the field with a label. */
  WebElement field(String label) {
    var path = By.xpath("//*[@id = //label[normalize-space()='%s']/@for]".formatted(label));
    Wait.until("there is a field " + label, () -> !driver.findElements(path).isEmpty());
    return driver.findElement(path);
  }

  /** Presses the button or link with a text. */
  void press(String text) {
    Wait.until("the button “" + text + "” was pressed", () -> isPressed(text));
  }

  /** Presses the button or link, if it is there; false if the page moved or replaced it. */
  boolean isPressed(String text) {
    try {
      var button = visible(text);
      button.ifPresent(WebElement::click);
      return button.isPresent();
    } catch (ElementNotInteractableException | StaleElementReferenceException _) {
      return false;
    }
  }

  /** Double-clicks the button or link with a text. */
  void pressTwice(String text) {
    new Actions(driver).doubleClick(button(text)).perform();
  }

  /** Replaces a field's text as an input method does, at once and with any characters. */
  void fill(String label, String text) {
    var field = field(label);
    field.click();
    driver.executeScript("arguments[0].select()", field);
    if (text.isEmpty()) {
      field.clear();
    } else {
      driver.executeCdpCommand("Input.insertText", Map.of("text", text));
    }
  }

  void press(Keys key) {
    new Actions(driver).sendKeys(key).perform();
  }

  /** Runs a script in the page and returns its result. */
  @Nullable Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  List<?> list(String script, Object... arguments) {
    return (List<?>) requireNonNull(run(script, arguments));
  }

  String text(String script, Object... arguments) {
    return String.valueOf(run(script, arguments));
  }

  boolean is(String script, Object... arguments) {
    return Boolean.TRUE.equals(run(script, arguments));
  }

  /** Shows pages in a colour scheme, {@code light} or {@code dark}. */
  void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Sets the browser's time zone, such as {@code Asia/Kolkata}; this machine's if empty. */
  void travelTo(String timeZone) {
    driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", timeZone));
  }

  /** Sets the size of the window, CSS pixels. */
  void resize(int width, int height, double density) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", density, "mobile", false));
  }

  /**
   * Runs axe-core on the page in both colour schemes.
   *
   * @throws AssertionError if there is a violation; the message names the rules and elements
   */
  void assertAccessible() {
    for (var scheme : List.of("light", "dark")) {
      prefer(scheme);
      var results = new AxeBuilder().analyze(driver);
      if (results.isErrored() || results.getPasses().isEmpty()) {
        throw new AssertionError("axe did not run: " + results.getErrorMessage());
      }
      var found = results.getViolations().stream().flatMap(Browser::lines).toList();
      if (!found.isEmpty()) {
        throw new AssertionError(scheme + ": " + String.join("\n", found));
      }
    }
  }

  private static Stream<String> lines(Rule violated) {
    return violated.getNodes().stream()
        .map(
            node ->
                "%s: %s %s".formatted(violated.getId(), node.getHtml(), node.getFailureSummary()));
  }

  /** The warnings and errors of the console since the last call. */
  List<String> consoleErrors() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::toString)
        .toList();
  }

  /**
   * Chromium's network traffic.
   *
   * @param addresses addresses of all requests, except {@code data:}
   * @param bytes received bytes, with headers
   */
  record Traffic(List<String> addresses, long bytes) {
    /** The origins of all requests. */
    Set<String> origins() {
      return addresses.stream()
          .map(address -> address.replaceFirst("^(\\w+://[^/]+).*", "$1"))
          .collect(Collectors.toSet());
    }
  }

  Traffic traffic() {
    var events =
        driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
            .map(entry -> Json.parse(entry.getMessage()).path("message"))
            .toList();
    return new Traffic(
        parameters(events, "Network.requestWillBeSent")
            .map(event -> event.path("request").path("url").asText())
            .filter(address -> !address.startsWith("data:"))
            .toList(),
        parameters(events, "Network.loadingFinished")
            .mapToLong(event -> event.path("encodedDataLength").asLong())
            .sum());
  }

  private static Stream<JsonNode> parameters(List<JsonNode> events, String method) {
    return events.stream()
        .filter(event -> event.path("method").asText().equals(method))
        .map(event -> event.path("params"));
  }

  /** A picture of the whole page, beyond the window too. */
  BufferedImage wholePage() {
    var size = driver.findElement(By.tagName("html")).getSize();
    var clip =
        Map.of("x", 0, "y", 0, "width", size.getWidth(), "height", size.getHeight(), "scale", 1);
    var parameters =
        Map.<String, Object>of("format", "png", "captureBeyondViewport", true, "clip", clip);
    var data = driver.executeCdpCommand("Page.captureScreenshot", parameters).get("data");
    try {
      return ImageIO.read(
          new ByteArrayInputStream(Base64.getDecoder().decode(String.valueOf(data))));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** A picture of the window, WebP in base64. */
  String picture() {
    return String.valueOf(
        driver
            .executeCdpCommand("Page.captureScreenshot", Map.of("format", "webp", "quality", 80))
            .get("data"));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
