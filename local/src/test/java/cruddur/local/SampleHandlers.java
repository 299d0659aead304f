package cruddur.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** Handlers that the tests run in real environments. */
public final class SampleHandlers {
  private SampleHandlers() {}

  /** Answers with the bytes of the event. */
  public static final class Echo implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      event.transferTo(answer);
    }
  }

  /** Sleeps for the milliseconds that the event is, then answers with its process's id. */
  public static final class Sleep implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      try {
        Thread.sleep(Long.parseLong(text(event)));
      } catch (InterruptedException ended) {
        throw new IllegalStateException(ended);
      }
      write(answer, Long.toString(ProcessHandle.current().pid()));
    }
  }

  /** Ends its process with the status that the event is. */
  public static final class Exit implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      Runtime.getRuntime().halt(Integer.parseInt(text(event)));
    }
  }

  /** Fails with the message that the event is. */
  public static final class Fail implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      throw new IllegalStateException(text(event));
    }
  }

  /** Cannot be made. */
  public static final class FailAtStart implements RequestStreamHandler {
    /** Fails. */
    public FailAtStart() {
      throw new IllegalStateException("no start");
    }

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) {}
  }

  /** Answers with as many characters as the event says, in quotes. */
  public static final class Big implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      write(answer, "\"" + "x".repeat(Integer.parseInt(text(event)) - 2) + "\"");
    }
  }

  /** Logs the event in both ways, then answers with its environment variables. */
  public static final class Environment implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      var text = text(event);
      System.out.println("printed " + text);
      context.getLogger().log("logged " + text);
      context.getLogger().log("logged again");
      write(answer, String.join("\n", new TreeMap<>(System.getenv()).toString().split(", ")));
    }
  }

  /** Answers an HTTP API's event with its body, as it stands. */
  public static final class Answer implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      var body = new String(event.readAllBytes(), StandardCharsets.UTF_8);
      var begin = body.indexOf("\"body\":\"") + "\"body\":\"".length();
      var end = body.indexOf("\",\"isBase64Encoded\"");
      write(answer, body.substring(begin, end).replace("\\\"", "\"").replace("\\n", "\n"));
    }
  }

  /**
   * A user pool's trigger: fails for a user "bad" at sign-up and "banned" at sign-in, and gives the
   * user "silent" no answer at sign-in.
   */
  public static final class Confirm implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      var body = new String(event.readAllBytes(), StandardCharsets.UTF_8);
      System.out.println("called with " + body);
      if (body.contains("\"bad\"")) {
        throw new IllegalStateException("not you");
      }
      var isSignIn = body.contains("PostAuthentication_");
      if (isSignIn && body.contains("\"banned\"")) {
        throw new IllegalStateException("go away");
      }
      write(answer, isSignIn && body.contains("\"silent\"") ? "{}" : body);
    }
  }

  private static String text(InputStream event) throws IOException {
    return new String(event.readAllBytes(), StandardCharsets.UTF_8).replace("\"", "");
  }

  private static void write(OutputStream answer, String text) throws IOException {
    answer.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
