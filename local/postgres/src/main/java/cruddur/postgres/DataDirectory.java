package cruddur.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * The data directory of a server that has stopped, from which others start as copies: a fifth of
 * the time that making one takes. It stays in the machine's temporary folder, for other processes.
 *
 * @param directory named after all that is in it
 */
record DataDirectory(Path directory) {
  /** The template of some contents, which may not be there yet. */
  static DataDirectory of(int major, String contents) {
    var name = "cruddur-postgres-" + major + "-" + HexFormat.of().toHexDigits(contents.hashCode());
    return new DataDirectory(Path.of(System.getProperty("java.io.tmpdir"), name));
  }

  /**
   * Copies it to a new directory.
   *
   * @param make fills an empty directory, where there is no template yet
   */
  Path copy(Consumer<Path> make) {
    try {
      if (!Files.isDirectory(directory)) {
        keep(make);
      }
      var copy = Files.createTempDirectory("cruddur-postgres-");
      copy(directory, copy);
      return copy;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void keep(Consumer<Path> make) throws IOException {
    var made = Files.createTempDirectory("cruddur-postgres-");
    make.accept(made);
    try {
      Files.move(made, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException failure) {
      FileTree.delete(made);
      // Otherwise another process was quicker.
      if (!Files.isDirectory(directory)) {
        throw failure;
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : (Iterable<Path>) files.skip(1)::iterator) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
