package cruddur.local.template;

import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Identifiers in the forms in which AWS makes them. */
public final class Identifiers {
  private Identifiers() {}

  /** An X-Ray trace header of a trace that is not sampled. */
  public static String trace() {
    return "Root=1-%08x-%s;Parent=%s;Sampled=0"
        .formatted(Instant.now().getEpochSecond(), hexadecimal(12), hexadecimal(8));
  }

  /** The id of a request to an HTTP API: 15 characters of base64 and an equals sign. */
  public static String gatewayRequest() {
    return hexadecimal(8).substring(1) + "=";
  }

  private static String hexadecimal(int bytes) {
    var random = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
