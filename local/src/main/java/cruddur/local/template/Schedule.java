package cruddur.local.template;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An EventBridge rule that calls a function at a rate.
 *
 * @param function the function's logical name
 * @param name the logical name of the function's event
 * @param interval the time between two calls
 */
public record Schedule(String function, String name, Duration interval) {
  /** "Rate expressions reference" in the Amazon EventBridge User Guide. */
  private static final Pattern RATE =
      Pattern.compile(
          "rate\\((?:1 (?<one>minute|hour|day)"
              + "|(?<value>[2-9]|[1-9]\\d{1,4}) (?<many>minute|hour|day)s)\\)");

  /**
   * Reads an event of the type {@code Schedule}.
   *
   * @throws TemplateException when it has anything but a rate
   */
  static Schedule of(String function, Section event) {
    var expression = event.allowing("Schedule").member("Schedule");
    return interval(expression.text())
        .map(interval -> new Schedule(function, event.name(), interval))
        .orElseThrow(() -> expression.notEmulated(expression.text()));
  }

  /** The interval of a rate expression; empty if the text is none. */
  private static Optional<Duration> interval(String expression) {
    var rate = RATE.matcher(expression);
    if (!rate.matches()) {
      return Optional.empty();
    }
    var one = rate.group("one");
    return Optional.of(
        one == null
            ? unit(rate.group("many")).multipliedBy(Long.parseLong(rate.group("value")))
            : unit(one));
  }

  private static Duration unit(String name) {
    return switch (name) {
      case "minute" -> Duration.ofMinutes(1);
      case "hour" -> Duration.ofHours(1);
      default -> Duration.ofDays(1);
    };
  }

  /** The rule's address in AWS. SAM names the rule after the function and its event. */
  public String ruleArn() {
    return "arn:aws:events:%s:%s:rule/cruddur-%s%s"
        .formatted(LocalAccount.REGION, LocalAccount.ACCOUNT, function, name);
  }
}
