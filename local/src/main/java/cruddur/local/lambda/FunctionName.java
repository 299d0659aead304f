package cruddur.local.lambda;

import cruddur.local.template.LocalAccount;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A function's name, as a caller writes it.
 *
 * @param arn the address in AWS, without a qualifier
 * @param qualifier the version or the alias; empty if there is none
 */
record FunctionName(String arn, Optional<String> qualifier) {
  /** A name, an ARN or a part of one, with an optional qualifier. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?<prefix>arn:[^:]*:lambda:[^:]*:[^:]*:function:)"
              + "|(?:(?<account>\\d{12}):)?(?:function:)?)"
              + "(?<name>[A-Za-z0-9_-]+)(?::(?<qualifier>[A-Za-z0-9$_-]+))?");

  /** Reads every form that Lambda accepts. Any other text becomes the name of no function. */
  static FunctionName of(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      return new FunctionName(
          text.startsWith("arn:") ? text : prefix(LocalAccount.ACCOUNT) + text, Optional.empty());
    }
    var account = Optional.ofNullable(form.group("account")).orElse(LocalAccount.ACCOUNT);
    var prefix = Optional.ofNullable(form.group("prefix")).orElseGet(() -> prefix(account));
    return new FunctionName(
        prefix + form.group("name"), Optional.ofNullable(form.group("qualifier")));
  }

  private static String prefix(String account) {
    return "arn:aws:lambda:%s:%s:function:".formatted(LocalAccount.REGION, account);
  }

  /** The same function with a qualifier. */
  FunctionName with(String otherQualifier) {
    return new FunctionName(arn, Optional.of(otherQualifier));
  }

  /** The address in AWS, with the qualifier if there is one. */
  String qualifiedArn() {
    return arn + qualifier.map(text -> ":" + text).orElse("");
  }
}
