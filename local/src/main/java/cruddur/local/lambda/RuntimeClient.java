package cruddur.local.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * AWS's runtime client for Java, which calls a handler for each invocation of the Runtime API.
 *
 * @param classPath its jars
 * @param library its native library
 */
public record RuntimeClient(String classPath, Path library) {
  /** Its main class; the argument is the handler. */
  static final String MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  /**
   * The system property that names the library. Without it, each process would overwrite the same
   * file under {@code /tmp}, which others may be running.
   */
  static final String LIBRARY_PROPERTY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

  /**
   * Finds the client and unpacks its library.
   *
   * @param jars the folder that holds its jars and nothing else
   * @param target the folder for the library
   */
  public static RuntimeClient unpack(Path jars, Path target) {
    try (var listed = Files.list(jars)) {
      var files = listed.map(Path::toAbsolutePath).sorted().toList();
      var classPath = String.join(":", files.stream().map(Path::toString).toList());
      return new RuntimeClient(classPath, unpackLibrary(files, target));
    } catch (IOException failure) {
      throw new UncheckedIOException("the runtime client is not in " + jars, failure);
    }
  }

  private static Path unpackLibrary(List<Path> jars, Path target) throws IOException {
    var jar =
        jars.stream()
            .filter(file -> file.toString().contains("runtime-interface-client"))
            .findFirst()
            .orElseThrow(() -> new IOException("its jar is missing"));
    Files.createDirectories(target);
    var library = target.resolve("libaws-lambda-jni.so").toAbsolutePath();
    try (var archive = FileSystems.newFileSystem(jar)) {
      Files.copy(
          archive.getPath("jni", "libaws-lambda-jni." + platform() + ".so"),
          library,
          StandardCopyOption.REPLACE_EXISTING);
    }
    return library;
  }

  private static String platform() {
    var arm = System.getProperty("os.arch").equals("aarch64");
    var musl = Files.exists(Path.of("/lib", arm ? "ld-musl-aarch64.so.1" : "ld-musl-x86_64.so.1"));
    return (musl ? "linux_musl-" : "linux-") + (arm ? "aarch_64" : "x86_64");
  }
}
