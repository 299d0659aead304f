package cruddur.benchmarks;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.InputStream;
import java.io.OutputStream;

/** A function that does nothing. It shows the time of the JVM and of AWS's runtime client alone. */
public final class EmptyHandler implements RequestStreamHandler {
  /** For the runtime client. */
  public EmptyHandler() {}

  /** Writes no response. */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context) {}
}
