package cruddur.ingress;

import java.util.ArrayList;
import java.util.List;

/** Writes addresses in the one form that can be compared as text. */
final class Canonical {
  private Canonical() {}

  /**
   * Dotted decimal for four bytes; for sixteen, hexadecimal in lower case with the first longest
   * run of zeros left out (RFC 5952, section 4).
   */
  static String text(byte[] bytes) {
    return bytes.length == 4 ? dotted(bytes) : colonHexadecimal(bytes);
  }

  private static String dotted(byte[] bytes) {
    return (bytes[0] & 0xff)
        + "."
        + (bytes[1] & 0xff)
        + "."
        + (bytes[2] & 0xff)
        + "."
        + (bytes[3] & 0xff);
  }

  private static String colonHexadecimal(byte[] bytes) {
    var groups = new ArrayList<String>();
    for (var index = 0; index < bytes.length; index += 2) {
      groups.add(Integer.toHexString((bytes[index] & 0xff) << 8 | (bytes[index + 1] & 0xff)));
    }
    var zerosFrom = 0;
    var zerosTo = 0;
    for (var index = 0; index < groups.size(); index++) {
      var end = endOfZeros(groups, index);
      if (end - index > zerosTo - zerosFrom) {
        zerosFrom = index;
        zerosTo = end;
      }
    }
    return zerosTo - zerosFrom < 2
        ? String.join(":", groups)
        : String.join(":", groups.subList(0, zerosFrom))
            + "::"
            + String.join(":", groups.subList(zerosTo, groups.size()));
  }

  private static int endOfZeros(List<String> groups, int from) {
    var end = from;
    while (end < groups.size() && groups.get(end).equals("0")) {
      end++;
    }
    return end;
  }
}
