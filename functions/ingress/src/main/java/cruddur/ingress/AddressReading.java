package cruddur.ingress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** The result of parsing a text as a workspace's address. Host names are invalid. */
sealed interface AddressReading {
  /**
   * The blocks that are not public, by error code (IANA IPv4 Special-Purpose Address Registry, IANA
   * IPv4 Multicast Address Space Registry).
   */
  String RESERVED =
      """
      address_private 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16
      address_carrier_grade 100.64.0.0/10
      address_loopback 127.0.0.0/8
      address_link_local 169.254.0.0/16
      address_documentation 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24
      address_multicast 224.0.0.0/4
      address_reserved 0.0.0.0/8 192.0.0.0/24 192.88.99.0/24 198.18.0.0/15 240.0.0.0/4
      """;

  /** One public IPv4 address in dotted decimal. */
  record Valid(String address) implements AddressReading {}

  /** Any other text, with the contract's error code. */
  record Invalid(String code) implements AddressReading {}

  /** Parses four decimal numbers with dots, with or without {@code /32}. */
  static AddressReading parse(String text) {
    if (text.isBlank()) {
      return new Invalid("address_blank");
    }
    var host = text.split("/", 2)[0];
    if (!isLiteral(host)) {
      return new Invalid("address_malformed");
    }
    if (host.contains(":")) {
      return new Invalid("address_not_ipv4");
    }
    if (!text.equals(host) && !text.equals(host + "/32")) {
      return new Invalid("address_not_one_host");
    }
    return RESERVED
        .lines()
        .map(line -> List.of(line.split(" ")))
        .filter(blocks -> blocks.stream().skip(1).anyMatch(block -> contains(block, host)))
        .<AddressReading>map(blocks -> new Invalid(blocks.getFirst()))
        .findFirst()
        .orElseGet(() -> new Valid(host));
  }

  /** The JDK accepts more notations. For IPv4, only its own output is valid. */
  private static boolean isLiteral(String host) {
    try {
      var written = InetAddress.ofLiteral(host).getHostAddress();
      return host.contains(":") ? host.matches("[0-9A-Fa-f:.]+") : written.equals(host);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean contains(String block, String address) {
    var parts = block.split("/", 2);
    var bits = Integer.parseInt(parts[1]);
    return (number(address) ^ number(parts[0])) >>> (Integer.SIZE - bits) == 0;
  }

  private static int number(String address) {
    return ByteBuffer.wrap(Inet4Address.ofLiteral(address).getAddress()).getInt();
  }
}
