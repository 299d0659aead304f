package cruddur.ingress;

import java.net.Inet6Address;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a text turns out to be when it is read as the address of a workspace. It is read strictly
 * and never looked up: a name is malformed.
 */
sealed interface AddressReading {
  /** One public address. */
  record Public(Address address) implements AddressReading {}

  /**
   * Anything else.
   *
   * @param code why, as the contract's errors have it
   */
  record Refused(String code) implements AddressReading {}

  /** Reads four decimal numbers with dots, or IPv6 in hexadecimal, with or without /32 or /128. */
  static AddressReading read(String text) {
    if (text.isBlank()) {
      return new Refused("address_blank");
    }
    var slash = text.indexOf('/');
    var host = slash < 0 ? text : text.substring(0, slash);
    return bytes(host)
        .map(bytes -> slash < 0 || isHost(text.substring(slash), bytes) ? judge(bytes) : range())
        .orElseGet(() -> new Refused("address_malformed"));
  }

  /** Reads a block of one address, public or not, as EC2 writes it; empty for a wider one. */
  static Optional<Address> host(String block) {
    var slash = block.indexOf('/');
    return slash < 0
        ? Optional.empty()
        : bytes(block.substring(0, slash))
            .filter(bytes -> isHost(block.substring(slash), bytes))
            .map(bytes -> new Address(Canonical.text(bytes)));
  }

  private static boolean isHost(String mask, byte[] bytes) {
    return mask.equals("/" + bytes.length * Byte.SIZE);
  }

  private static AddressReading range() {
    return new Refused("address_not_one_host");
  }

  private static AddressReading judge(byte[] bytes) {
    return ReservedBlocks.codeOf(bytes)
        .<AddressReading>map(Refused::new)
        .orElseGet(() -> new Public(new Address(Canonical.text(bytes))));
  }

  private static Optional<byte[]> bytes(String text) {
    return text.indexOf(':') < 0 ? Syntax.ipv4(text) : Syntax.ipv6(text);
  }

  /** The two notations, taken apart into bytes in network order. */
  final class Syntax {
    private static final String DECIMAL = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 =
        Pattern.compile(String.join("\\.", DECIMAL, DECIMAL, DECIMAL, DECIMAL));
    // Only what looks like IPv6 and nothing else goes to the JDK's parser, which knows scopes too.
    private static final Pattern IPV6 =
        Pattern.compile("(?:[0-9a-fA-F]{0,4}:){2,8}(?:[0-9a-fA-F]{0,4}|" + IPV4.pattern() + ")");

    private Syntax() {}

    private static Optional<byte[]> ipv4(String text) {
      var groups = IPV4.matcher(text);
      if (!groups.matches()) {
        return Optional.empty();
      }
      var bytes = new byte[4];
      for (var index = 0; index < bytes.length; index++) {
        bytes[index] = (byte) Integer.parseInt(groups.group(index + 1));
      }
      return Optional.of(bytes);
    }

    /** An IPv4-mapped address comes back as sixteen bytes, too. */
    private static Optional<byte[]> ipv6(String text) {
      if (!IPV6.matcher(text).matches()) {
        return Optional.empty();
      }
      try {
        var bytes = Inet6Address.ofLiteral(text).getAddress();
        return Optional.of(bytes.length == 4 ? mapped(bytes) : bytes);
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }

    private static byte[] mapped(byte[] ipv4) {
      var bytes = new byte[16];
      bytes[10] = (byte) 0xff;
      bytes[11] = (byte) 0xff;
      System.arraycopy(ipv4, 0, bytes, 12, ipv4.length);
      return bytes;
    }
  }
}
