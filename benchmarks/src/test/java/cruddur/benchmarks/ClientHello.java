package cruddur.benchmarks;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The random parts of a client's first TLS message (RFC 8446, 4.1.2 and 4.2.8), in hexadecimal.
 *
 * @param random the client's random value
 * @param keyShare the client's public keys
 */
record ClientHello(String random, String keyShare) {
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int KEY_SHARE = 51;

  /** Where the random value begins in the record: after two headers and the version. */
  private static final int RANDOM_AT = 11;

  private static final int RANDOM_BYTES = 32;

  /** Reads a chunk of a client's bytes; empty if it is no ClientHello. */
  static Optional<ClientHello> of(byte[] chunk) {
    if (chunk.length < RANDOM_AT + RANDOM_BYTES
        || chunk[0] != HANDSHAKE
        || chunk[5] != CLIENT_HELLO) {
      return Optional.empty();
    }
    var bytes = ByteBuffer.wrap(chunk).position(RANDOM_AT);
    var random = hexadecimal(bytes, RANDOM_BYTES);
    hexadecimal(bytes, bytes.get()); // The session's id.
    hexadecimal(bytes, bytes.getShort()); // The cipher suites.
    hexadecimal(bytes, bytes.get()); // The compression methods.
    bytes.getShort(); // The length of the extensions.
    while (bytes.getShort() != KEY_SHARE) {
      hexadecimal(bytes, bytes.getShort());
    }
    return Optional.of(new ClientHello(random, hexadecimal(bytes, bytes.getShort())));
  }

  private static String hexadecimal(ByteBuffer bytes, int length) {
    var part = new byte[length];
    bytes.get(part);
    return HexFormat.of().formatHex(part);
  }
}
