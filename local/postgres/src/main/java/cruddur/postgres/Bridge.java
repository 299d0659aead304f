package cruddur.postgres;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * The address of this machine in a network of containers.
 *
 * @param address the IPv4 address at which containers reach this machine
 * @param prefixLength length of the network's prefix, 0 to 32 bits
 */
public record Bridge(InetAddress address, int prefixLength) {
  /**
   * The default network of Docker Engine on Linux ("Bridge network driver" in Docker's manual).
   * Containers call its address {@code host-gateway}.
   */
  public static final String DOCKER = "docker0";

  /**
   * Finds the bridge of a network interface of this machine.
   *
   * @throws IllegalStateException if there is no such interface, or it has no IPv4 address
   */
  public static Bridge of(String networkInterface) {
    try {
      var found = NetworkInterface.getByName(networkInterface);
      if (found != null) {
        for (var each : found.getInterfaceAddresses()) {
          if (each.getAddress() instanceof Inet4Address) {
            return of(each);
          }
        }
      }
    } catch (SocketException failure) {
      throw new IllegalStateException("the network interfaces cannot be read", failure);
    }
    throw new IllegalStateException(
        "there is no network interface "
            + networkInterface
            + " with an IPv4 address; start the Docker engine first. Containers of Docker Desktop"
            + " reach this machine without --containers");
  }

  private static Bridge of(InterfaceAddress address) {
    return new Bridge(address.getAddress(), address.getNetworkPrefixLength());
  }

  /** The network in CIDR notation, with this machine's address in it. */
  String network() {
    return address.getHostAddress() + "/" + prefixLength;
  }
}
