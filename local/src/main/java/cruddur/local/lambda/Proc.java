package cruddur.local.lambda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Values from the files below {@code /proc}, see proc(5). */
public final class Proc {
  private Proc() {}

  /**
   * The values of a member, in the order of the file.
   *
   * @param file below {@code /proc}, such as {@code cpuinfo}
   * @param member the beginning of a line, before its colon
   */
  public static List<String> values(String file, String member) throws IOException {
    // A mapped file's name may be in any encoding.
    try (var lines = Files.lines(Path.of("/proc", file), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(member))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .toList();
    }
  }

  /** The sum of the values of a member that counts memory, KiB. */
  public static long kibibytes(String file, String member) throws IOException {
    return values(file, member).stream()
        .mapToLong(value -> Long.parseLong(value.replaceAll("\\D", "")))
        .sum();
  }

  /** Such a sum from a file of one process. */
  public static long kibibytes(long process, String file, String member) throws IOException {
    return kibibytes(process + "/" + file, member);
  }
}
