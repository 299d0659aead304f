package cruddur.postgres;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * This machine's side of a network of containers.
 *
 * @param address the IPv4 address by which a container reaches this machine
 * @param prefixLength bits that all addresses of the network share, 0 to 32
 */
public record Bridge(InetAddress address, int prefixLength) {
  /**
   * The default network of Docker Engine on Linux ("Bridge network driver" in Docker's manual). The
   * container's name {@code host-gateway} leads to it.
   */
  public static final String DOCKER = "docker0";

  /**
   * Finds the bridge that is a network interface of this machine.
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
