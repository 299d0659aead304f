package cruddur.browser;

import static java.util.Objects.requireNonNull;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** A Chromium with an empty profile, which is gone when it closes. */
final class Browser implements AutoCloseable {
  static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts one, with further arguments of Chromium. */
  static Browser start(String... arguments) {
    return start(Map.of(), arguments);
  }

  /**
   * Starts one whose profile has some preferences, such as a content setting, with further
   * arguments of Chromium.
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

  /** Goes to an address. */
  void open(String address) {
    driver.get(address);
  }

  /** Loads the page again. */
  void reload() {
    driver.navigate().refresh();
  }

  /** The address that the address bar shows. */
  String address() {
    return String.valueOf(driver.getCurrentUrl());
  }

  /** The first element of a CSS selector, which must be there. */
  WebElement element(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  /** The visible button or link with a text, waited for. */
  WebElement button(String text) {
    var path = By.xpath("//*[self::button or self::a][normalize-space()='%s']".formatted(text));
    Wait.until("there is a button “" + text + "”", () -> visible(path).isPresent());
    return visible(path).orElseThrow();
  }

  private Optional<WebElement> visible(By path) {
    try {
      return driver.findElements(path).stream().filter(WebElement::isDisplayed).findFirst();
    } catch (StaleElementReferenceException _) {
      return Optional.empty();
    }
  }

  /** The field that a label names. */
  WebElement field(String label) {
    var path = By.xpath("//*[@id = //label[normalize-space()='%s']/@for]".formatted(label));
    Wait.until("there is a field " + label, () -> !driver.findElements(path).isEmpty());
    return driver.findElement(path);
  }

  /** Presses the button or link with a text. */
  void press(String text) {
    Wait.until("the button “" + text + "” was pressed", () -> isPressed(text));
  }

  /** False while the page moves or replaces the button at the very moment. */
  private boolean isPressed(String text) {
    try {
      button(text).click();
      return true;
    } catch (ElementNotInteractableException | StaleElementReferenceException _) {
      return false;
    }
  }

  /** Presses it twice, as fast as a hand may. */
  void pressTwice(String text) {
    new Actions(driver).doubleClick(button(text)).perform();
  }

  /** Puts a text into a field, as an input method does: in one piece, of any characters. */
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

  /** Presses a key on whatever has the focus. */
  void press(Keys key) {
    new Actions(driver).sendKeys(key).perform();
  }

  /** Runs a script in the page and gives what it returns. */
  @Nullable Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** What a script returns, which is a list. */
  List<?> list(String script, Object... arguments) {
    return (List<?>) requireNonNull(run(script, arguments));
  }

  /** What a script returns, as text. */
  String text(String script, Object... arguments) {
    return String.valueOf(run(script, arguments));
  }

  /** Whether a script returns true. */
  boolean is(String script, Object... arguments) {
    return Boolean.TRUE.equals(run(script, arguments));
  }

  /** Shows pages in a colour scheme, {@code light} or {@code dark}. */
  void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /**
   * Puts the reader into a time zone, such as {@code Asia/Kolkata}; back into this machine's if
   * empty.
   */
  void travelTo(String timeZone) {
    driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", timeZone));
  }

  /** Makes the window as wide and as high as this, CSS pixels. */
  void resize(int width, int height, double density) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", density, "mobile", false));
  }

  /**
   * Has axe-core look at what is shown, in both colour schemes.
   *
   * @throws AssertionError when it finds a violation; its message names the rules and elements
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

  /** The errors that the console has shown since the last look. */
  List<String> consoleErrors() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::toString)
        .toList();
  }

  /**
   * What Chromium has done in the network since the last look.
   *
   * @param addresses of all requests, those for {@code data:} apart
   * @param bytes that came, with headers
   */
  record Traffic(List<String> addresses, long bytes) {
    /** The origins that were asked. */
    Set<String> origins() {
      return addresses.stream()
          .map(address -> address.replaceFirst("^(\\w+://[^/]+).*", "$1"))
          .collect(Collectors.toSet());
    }
  }

  Traffic traffic() {
    var events =
        driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
            .map(entry -> parse(entry.getMessage()).path("message"))
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

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A picture of the whole page, as far as the window would have to be scrolled for it. */
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

  /** A picture of what the window shows, WebP, base64. */
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
