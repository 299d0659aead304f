package cruddur.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of the home page, as a bucket behind a content delivery network would give them. */
final class StaticFiles {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("png", "image/png"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("webp", "image/webp"),
          Map.entry("woff2", "font/woff2"));

  private final Path root;
  private final byte[] configuration;

  /**
   * Serves a folder.
   *
   * @param configuration what {@code /config.json} holds
   */
  StaticFiles(Path root, byte[] configuration) {
    this.root = root.toAbsolutePath().normalize();
    this.configuration = configuration;
  }

  /** The answer to a GET or HEAD of a file that is there. */
  Optional<GatewayAnswer> find(GatewayRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Optional.empty();
    }
    return request.path().equals("/config.json")
        ? Optional.of(answer("json", configuration))
        : file(request.path()).map(StaticFiles::read);
  }

  private Optional<Path> file(String path) {
    try {
      var named = root.resolve("." + path).normalize();
      var file = Files.isDirectory(named) ? named.resolve("index.html") : named;
      return file.startsWith(root) && Files.isRegularFile(file)
          ? Optional.of(file)
          : Optional.empty();
    } catch (InvalidPathException impossible) {
      return Optional.empty();
    }
  }

  private static GatewayAnswer read(Path file) {
    try {
      var name = file.toString();
      return answer(name.substring(name.lastIndexOf('.') + 1), Files.readAllBytes(file));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static GatewayAnswer answer(String extension, byte[] body) {
    var headers = new LinkedHashMap<String, List<String>>();
    headers.put("content-type", List.of(TYPES.getOrDefault(extension, "application/octet-stream")));
    headers.put("x-content-type-options", List.of("nosniff"));
    headers.put("cache-control", List.of("no-cache"));
    return new GatewayAnswer(200, headers, body);
  }
}
