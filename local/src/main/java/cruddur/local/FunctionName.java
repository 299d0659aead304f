package cruddur.local;

import java.util.regex.Pattern;

/**
 * How a caller named a function.
 *
 * @param name its own name, without version or alias
 * @param arn the address that was meant
 */
record FunctionName(String name, String arn) {
  /** A name, or the end of an ARN or of a partial one; then perhaps a version or an alias. */
  private static final Pattern FORM =
      Pattern.compile("(?:.*:?function:|\\d{12}:)?([A-Za-z0-9_-]+)(?::[A-Za-z0-9$_-]+)?");

  /** Reads every form that Lambda takes; a text in no form is a name that no function has. */
  static FunctionName of(String text) {
    var matcher = FORM.matcher(text);
    var arn =
        text.startsWith("arn:")
            ? text
            : "arn:aws:lambda:%s:%s:function:%s".formatted(Machine.REGION, Machine.ACCOUNT, text);
    return new FunctionName(matcher.matches() ? matcher.group(1) : text, arn);
  }
}
