package cruddur.local.bundle;

import java.util.ArrayDeque;
import java.util.ArrayList;
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

  /** A part of the expression: one number, or the value of a time series, which can be missing. */
  private sealed interface Part {
    record Scalar(double number) implements Part {}

    record Point(OptionalDouble value) implements Part {}

    /** The value; empty for a missing one. */
    default OptionalDouble value() {
      return switch (this) {
        case Scalar(var number) -> OptionalDouble.of(number);
        case Point(var value) -> value;
      };
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
    var parts = new ArrayList<Part>();
    parts.add(left);
    parts.add(right);
    parts.removeIf(Part.Scalar.class::isInstance);
    if (!parts.isEmpty() && parts.stream().allMatch(part -> part.value().isEmpty())) {
      return new Part.Point(OptionalDouble.empty());
    }
    var result = operator.applyAsDouble(left.value().orElse(0), right.value().orElse(0));
    if (parts.isEmpty()) {
      return new Part.Scalar(result);
    }
    return new Part.Point(
        Double.isFinite(result) ? OptionalDouble.of(result) : OptionalDouble.empty());
  }

  private Part operand() {
    var token = tokens.isEmpty() ? "the end" : tokens.pop();
    if (Character.isDigit(token.charAt(0))) {
      return new Part.Scalar(Double.parseDouble(token));
    }
    if (token.equals("FILL")) {
      return fill();
    }
    if (Character.isLowerCase(token.charAt(0)) && !isNext("(")) {
      return new Part.Point(metrics.apply(token));
    }
    throw new IllegalArgumentException("unknown in metric math: " + token);
  }

  private Part fill() {
    expect("(");
    var filled = sum();
    expect(",");
    var filler = operand();
    expect(")");
    return new Part.Point(filled.value().isPresent() ? filled.value() : filler.value());
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
