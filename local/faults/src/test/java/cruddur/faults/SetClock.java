package cruddur.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A wall clock that can be set while processes use it: libfaketime's, preloaded into them. */
final class SetClock {
  private final Path file;

  SetClock(Path folder) throws IOException {
    this.file = folder.resolve("clock");
    set("+0s");
  }

  /** Sets it so much ahead of the real time or, with a minus, behind: {@code +1h}. */
  void set(String difference) throws IOException {
    Files.writeString(file, difference + "\n");
  }

  /** What makes a process use it; nothing where this machine has no libfaketime. */
  Optional<Map<String, String>> variables() {
    var architecture = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
    var library = Path.of("/usr/lib/" + architecture + "-linux-gnu/faketime/libfaketimeMT.so.1");
    return Files.exists(library)
        ? Optional.of(
            Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file.toString(),
                "FAKETIME_NO_CACHE",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1"))
        : Optional.empty();
  }
}
