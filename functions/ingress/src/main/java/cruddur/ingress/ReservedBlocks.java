package cruddur.ingress;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The blocks of addresses that nobody reaches a database from over the internet (IANA's registries
 * of special-purpose addresses for IPv4 and IPv6, and of multicast addresses).
 */
final class ReservedBlocks {
  private static final List<Block> IPV4 =
      List.of(
          new Block("0.0.0.0", 8, "address_reserved"),
          new Block("10.0.0.0", 8, "address_private"),
          new Block("100.64.0.0", 10, "address_carrier_grade"),
          new Block("127.0.0.0", 8, "address_loopback"),
          new Block("169.254.0.0", 16, "address_link_local"),
          new Block("172.16.0.0", 12, "address_private"),
          new Block("192.0.0.0", 24, "address_reserved"),
          new Block("192.0.2.0", 24, "address_documentation"),
          // The relays of 6to4, withdrawn.
          new Block("192.88.99.0", 24, "address_reserved"),
          new Block("192.168.0.0", 16, "address_private"),
          // Benchmarks.
          new Block("198.18.0.0", 15, "address_reserved"),
          new Block("198.51.100.0", 24, "address_documentation"),
          new Block("203.0.113.0", 24, "address_documentation"),
          new Block("224.0.0.0", 4, "address_multicast"),
          new Block("240.0.0.0", 4, "address_reserved"));

  private static final List<Block> IPV6 =
      List.of(
          new Block("::1", 128, "address_loopback"),
          new Block("fc00::", 7, "address_private"),
          // Site-local, withdrawn.
          new Block("fec0::", 10, "address_private"),
          new Block("fe80::", 10, "address_link_local"),
          new Block("ff00::", 8, "address_multicast"),
          new Block("2001:db8::", 32, "address_documentation"),
          new Block("3fff::", 20, "address_documentation"),
          // Teredo, benchmarks, ORCHID and other protocols' own.
          new Block("2001::", 23, "address_reserved"),
          // 6to4: whoever owns the IPv4 address within.
          new Block("2002::", 16, "address_reserved"));

  private static final Block GLOBAL_UNICAST = new Block("2000::", 3, "");

  private ReservedBlocks() {}

  /** Why an address is not a public one, or empty when it is. */
  static Optional<String> codeOf(byte[] address) {
    if (isIpv4Mapped(address)) {
      return Optional.of("address_ipv4_mapped");
    }
    return (address.length == 4 ? IPV4 : IPV6)
        .stream()
            .filter(block -> block.contains(address))
            .findFirst()
            .map(Block::code)
            .or(() -> unassigned(address));
  }

  private static Optional<String> unassigned(byte[] address) {
    return address.length == 4 || GLOBAL_UNICAST.contains(address)
        ? Optional.empty()
        : Optional.of("address_reserved");
  }

  /** {@code ::ffff:0:0/96}, which the JDK would read as IPv4. */
  private static boolean isIpv4Mapped(byte[] address) {
    if (address.length == 4 || address[10] != -1 || address[11] != -1) {
      return false;
    }
    for (var index = 0; index < 10; index++) {
      if (address[index] != 0) {
        return false;
      }
    }
    return true;
  }

  /** All addresses whose first bits are those of one. */
  private static final class Block {
    private final byte[] first;
    private final int bits;
    private final String code;

    Block(String first, int bits, String code) {
      this.first = InetAddress.ofLiteral(first).getAddress();
      this.bits = bits;
      this.code = code;
    }

    String code() {
      return code;
    }

    boolean contains(byte[] address) {
      for (var bit = 0; bit < bits; bit++) {
        var mask = 0x80 >> bit % Byte.SIZE;
        if (((address[bit / Byte.SIZE] ^ first[bit / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
