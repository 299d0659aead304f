package cruddur.local.bundle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The part of CloudWatch's metric math that the alarms use, for one point in time (Amazon
 * CloudWatch User Guide, "Using math expressions with CloudWatch metrics").
 */
final class MetricMath {
  private static final Pattern TOKEN = Pattern.compile("[0-9.]+|[A-Za-z]\\w*|\\S");

  private final Deque<String> tokens;
  private final Function<String, OptionalDouble> metrics;

  /** A part of the expression: a number, or the value of a time series, which can be missing. */
  private record Part(boolean isNumber, OptionalDouble value) {
    static Part of(OptionalDouble value) {
      return new Part(false, value);
    }
  }

  private MetricMath(String expression, Function<String, OptionalDouble> metrics) {
    tokens =
        TOKEN
            .matcher(expression)
            .results()
            .map(token -> token.group())
            .collect(ArrayDeque::new, ArrayDeque::add, ArrayDeque::addAll);
    this.metrics = metrics;
  }

  /**
   * The value of an expression; empty if it has no data point.
   *
   * @param metrics the value by id; empty for a missing one
   * @throws IllegalArgumentException if a part of the expression is not emulated; the message names
   *     it
   */
  static OptionalDouble evaluate(String expression, Function<String, OptionalDouble> metrics) {
    var math = new MetricMath(expression, metrics);
    var value = math.sum().value();
    if (!math.tokens.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + math.tokens.peek() + " in " + expression);
    }
    return value;
  }

  private Part sum() {
    var sum = product();
    while (isNext("+")) {
      sum = combine(sum, product(), Double::sum);
    }
    return sum;
  }

  private Part product() {
    var product = operand();
    while (true) {
      if (isNext("*")) {
        product = combine(product, operand(), (left, right) -> left * right);
      } else if (isNext("/")) {
        product = combine(product, operand(), (left, right) -> left / right);
      } else {
        return product;
      }
    }
  }

  /**
   * "Missing values in a time series are treated as 0". There is no data point where all are
   * missing, nor for a division by zero.
   */
  private static Part combine(Part left, Part right, DoubleBinaryOperator operator) {
    var isNumber = left.isNumber && right.isNumber;
    var result = operator.applyAsDouble(left.value.orElse(0), right.value.orElse(0));
    var isMissing =
        (left.isNumber || left.value.isEmpty()) && (right.isNumber || right.value.isEmpty());
    return isNumber || (!isMissing && Double.isFinite(result))
        ? new Part(isNumber, OptionalDouble.of(result))
        : Part.of(OptionalDouble.empty());
  }

  private Part operand() {
    var token = tokens.isEmpty() ? "the end" : tokens.pop();
    if (Character.isDigit(token.charAt(0))) {
      return new Part(true, OptionalDouble.of(Double.parseDouble(token)));
    }
    if (token.equals("FILL")) {
      return fill();
    }
    if (Character.isLowerCase(token.charAt(0)) && !isNext("(")) {
      return Part.of(metrics.apply(token));
    }
    throw new IllegalArgumentException("unknown in metric math: " + token);
  }

  private Part fill() {
    expect("(");
    var filled = sum();
    expect(",");
    var filler = operand();
    expect(")");
    return Part.of(filled.value.isPresent() ? filled.value : filler.value);
  }

  private boolean isNext(String token) {
    var isNext = token.equals(tokens.peek());
    if (isNext) {
      tokens.pop();
    }
    return isNext;
  }

  private void expect(String token) {
    if (!isNext(token)) {
      throw new IllegalArgumentException(
          "not " + token + " but " + tokens.peek() + " in metric math");
    }
  }
}
