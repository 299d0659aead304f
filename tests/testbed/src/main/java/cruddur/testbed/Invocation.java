package cruddur.testbed;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One call of a handler in this process: its context and its log. */
public final class Invocation implements Context, LambdaLogger {
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private final StringBuilder log = new StringBuilder();
  private final long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();

  /** Calls a handler with an event and returns the response. */
  public byte[] call(RequestStreamHandler handler, byte[] event) {
    var response = new ByteArrayOutputStream();
    try {
      handler.handleRequest(new ByteArrayInputStream(event), response, this);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return response.toByteArray();
  }

  /** A sample of {@code events/}, from the class path. */
  public static byte[] sample(String file) {
    return Resource.bytes("/events/" + file);
  }

  /** The handler's log, with a line for each message. */
  public String log() {
    return log.toString();
  }

  @Override
  public void log(String message) {
    log.append(message).append('\n');
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
    return Math.toIntExact(Duration.ofNanos(deadlineNanos - System.nanoTime()).toMillis());
  }

  @Override
  public String getAwsRequestId() {
    return "8f507cfc-xmpl-4697-b07a-ac58fc914c95";
  }

  @Override
  public String getFunctionName() {
    return "test";
  }

  @Override
  public String getFunctionVersion() {
    return "$LATEST";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:us-east-1:000000000000:function:test";
  }

  @Override
  public String getLogGroupName() {
    return "/aws/lambda/test";
  }

  @Override
  public String getLogStreamName() {
    return "test";
  }

  @Override
  public int getMemoryLimitInMB() {
    return 512;
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
