package cruddur.benchmarks;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.InputStream;
import java.io.OutputStream;

/** A function that does nothing: what is left is the JVM and AWS's runtime client. */
public final class EmptyHandler implements RequestStreamHandler {
  /** For the runtime client. */
  public EmptyHandler() {}

  /** Answers nothing. */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context) {}
}
