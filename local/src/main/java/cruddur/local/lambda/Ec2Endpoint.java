package cruddur.local.lambda;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An EC2 API on this machine, such as moto's.
 *
 * @param port TCP port on 127.0.0.1
 */
public record Ec2Endpoint(int port) {
  /** The AWS SDK's variables, the more specific one first. */
  private static final List<String> VARIABLES = List.of("AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL");

  private static final int LARGEST_PORT = 65_535;

  /** The address that the environment variables have. */
  public static Optional<String> address(Map<String, String> environment) {
    return VARIABLES.stream()
        .map(variable -> environment.getOrDefault(variable, ""))
        .filter(address -> !address.isBlank())
        .findFirst();
  }

  /**
   * Reads the address; empty if the environment variables have none.
   *
   * @throws IllegalArgumentException when it is not on this machine's loopback address
   */
  public static Optional<Ec2Endpoint> of(Map<String, String> environment) {
    return address(environment)
        .map(
            address ->
                parse(address)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "--containers needs %s to be http://127.0.0.1:PORT, not %s"
                                    .formatted(VARIABLES.getFirst(), address))));
  }

  private static Optional<Ec2Endpoint> parse(String address) {
    try {
      var uri = new URI(address);
      var host = Optional.ofNullable(uri.getHost());
      return "http".equals(uri.getScheme())
              && host.filter(LocalServer.HOSTS::contains).isPresent()
              && uri.getPort() > 0
              && uri.getPort() <= LARGEST_PORT
          ? Optional.of(new Ec2Endpoint(uri.getPort()))
          : Optional.empty();
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }
}
