package cruddur.local.lambda;

import cruddur.local.template.FunctionDefinition;
import cruddur.postgres.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** The folder in which Lambda puts a function's code, LAMBDA_TASK_ROOT. */
public final class TaskRoot {
  private TaskRoot() {}

  /**
   * Unpacks a function's jar into a folder, and replaces what the folder has. Code that is a folder
   * is used as it is.
   *
   * @return the task root
   * @throws IllegalStateException when the code does not exist
   */
  public static Path of(FunctionDefinition function, Path folder) {
    var code = function.code();
    if (Files.isDirectory(code)) {
      return code;
    }
    if (!Files.exists(code)) {
      throw new IllegalStateException(
          "the code of %s is not there: %s".formatted(function.name(), code));
    }
    try {
      FileTree.delete(folder);
      unpack(code, folder);
      return folder.toAbsolutePath();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void unpack(Path jar, Path folder) throws IOException {
    try (var archive = new ZipFile(jar.toFile())) {
      for (var entry : archive.stream().toList()) {
        var target = folder.resolve(entry.getName()).normalize();
        if (entry.isDirectory() || !target.startsWith(folder)) {
          continue;
        }
        Files.createDirectories(target.getParent());
        try (var content = archive.getInputStream(entry)) {
          Files.copy(content, target);
        }
      }
    }
  }
}
