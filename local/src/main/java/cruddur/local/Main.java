package cruddur.local;

import cruddur.local.Options.Part;
import cruddur.local.cognito.Identity;
import cruddur.local.lambda.Ec2Endpoint;
import java.nio.file.Path;

/**
 * Runs the emulator until it is stopped. Standard output gets one line, {@code ready} with the
 * addresses. Everything else goes to standard error.
 */
public final class Main {
  private Main() {}

  /**
   * Starts the emulator in the repository, which is the current directory.
   *
   * <p>Exits with 2 for wrong usage, and with 1 when it cannot start.
   *
   * @param arguments see {@link Options#USAGE}
   */
  public static void main(String[] arguments) {
    if (!System.getProperty("os.name").equals("Linux")) {
      stop(
          1, "AWS's runtime client is made for Linux alone; run this in a Linux machine or in WSL");
    }
    try {
      start(Options.parse(arguments, System.getenv()));
    } catch (IllegalArgumentException mistake) {
      stop(2, mistake.getMessage() + "\n" + Options.USAGE);
    }
  }

  private static void start(Options options) {
    options.portProblem().ifPresent(problem -> stop(1, problem));
    if (Ec2Endpoint.address(System.getenv()).isEmpty()) {
      System.err.println(
          "AWS_ENDPOINT_URL_EC2 is not set: functions have no EC2 API, and schedules skip those"
              + " that need one");
    }
    var emulator = new Emulator(Path.of(""), options, System.getenv(), System.err::print);
    Runtime.getRuntime().addShutdownHook(new Thread(emulator::close));
    try {
      emulator.start();
    } catch (RuntimeException failure) {
      stop(1, String.valueOf(failure.getMessage()));
    }
    System.out.printf(
        "ready  http://127.0.0.1:%d  invoke http://127.0.0.1:%d  identity http://127.0.0.1:%d/%s"
            + "  database postgresql://postgres:postgres@127.0.0.1:%d/cruddur%n",
        options.port(Part.HTTP),
        options.port(Part.INVOKE),
        options.port(Part.IDENTITY),
        Identity.POOL,
        options.port(Part.POSTGRES));
  }

  private static void stop(int status, String reason) {
    System.err.println("bin/local: " + reason);
    System.exit(status);
  }
}
