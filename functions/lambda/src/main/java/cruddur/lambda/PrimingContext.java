package cruddur.lambda;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The context of a function's priming calls. It prints the first line of their first error, and
 * nothing else that they log. A message without a level counts as an error. {@link Metrics} ignores
 * these calls.
 */
final class PrimingContext implements Context, LambdaLogger {
  private final long startNanos = System.nanoTime();
  private final long halfNanos;
  private final long deadlineNanos;
  private boolean failed;

  PrimingContext(Duration longest) {
    halfNanos = startNanos + longest.toNanos() / 2;
    deadlineNanos = halfNanos + longest.toNanos() / 2;
  }

  /**
   * True during the first half of the time, unless a call has failed. So each call has at least the
   * other half.
   */
  boolean isActive() {
    // No test sees the difference between < and <=, which is one nanosecond.
    return !failed && System.nanoTime() < halfNanos;
  }

  /** Prints a line that {@code bin/check} looks for, unless a call has failed. */
  void logSuccess(int calls) {
    if (!failed) {
      System.out.println(
          "primed: %d calls in %d ms"
              .formatted(calls, (System.nanoTime() - startNanos) / 1_000_000));
    }
  }

  @Override
  public void log(String message, LogLevel level) {
    if (level == LogLevel.ERROR) {
      log(message);
    }
  }

  @Override
  public void log(String message) {
    if (!failed) {
      System.out.println(
          "not primed, so first calls will be slow: " + message.lines().findFirst().orElse(""));
    }
    failed = true;
  }

  @Override
  public void log(byte[] message) {
    log(new String(message, StandardCharsets.UTF_8));
  }

  @Override
  public LambdaLogger getLogger() {
    return this;
  }

  @Override
  public int getRemainingTimeInMillis() {
    return Math.toIntExact((deadlineNanos - System.nanoTime()) / 1_000_000);
  }

  @Override
  public String getAwsRequestId() {
    return "priming";
  }

  @Override
  public String getFunctionName() {
    return "priming";
  }

  @Override
  public String getFunctionVersion() {
    return "";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "";
  }

  @Override
  public String getLogGroupName() {
    return "";
  }

  @Override
  public String getLogStreamName() {
    return "";
  }

  @Override
  public int getMemoryLimitInMB() {
    return 0;
  }

  @Override
  public @Nullable CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public @Nullable ClientContext getClientContext() {
    return null;
  }
}
