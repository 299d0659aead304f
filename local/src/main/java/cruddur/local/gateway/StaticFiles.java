package cruddur.local.gateway;

import cruddur.local.lambda.HttpRequest;
import cruddur.local.lambda.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;

/** The files of the home page, compressed and with headers as CloudFront serves them. */
public final class StaticFiles {
  private static final Map<String, String> TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  /** Folders that only {@code bin/} and the page's tests read. */
  private static final Set<String> UNSERVED = Set.of("node_modules", "tests");

  private final Path root;
  private final byte[] configuration;
  private final Map<String, String> headers;

  /**
   * Serves the files of a folder whose types are known.
   *
   * @param configuration the content of {@code /config.json}
   * @param headers headers of each file, by lower-case name
   */
  public StaticFiles(Path root, byte[] configuration, Map<String, String> headers) {
    this.root = root.toAbsolutePath().normalize();
    this.configuration = configuration;
    this.headers = headers;
  }

  /** The response to a GET or HEAD of a file; empty if there is no such file. */
  Optional<HttpResponse> find(HttpRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Optional.empty();
    }
    return content(request.path()).map(found -> respond(request, found));
  }

  /** The content at a path. */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are neither changed nor compared.
  private record Content(String type, byte[] bytes) {}

  private Optional<Content> content(String path) {
    return path.equals("/config.json")
        ? Optional.of(new Content("application/json", configuration))
        : file(path).flatMap(StaticFiles::read);
  }

  private Optional<Path> file(String path) {
    try {
      var named = root.resolve("." + path).normalize();
      var file = Files.isDirectory(named) ? named.resolve("index.html") : named;
      return isServed(file) && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  private boolean isServed(Path file) {
    return file.startsWith(root)
        && StreamSupport.stream(root.relativize(file).spliterator(), false)
            .map(Path::toString)
            .noneMatch(name -> name.startsWith(".") || UNSERVED.contains(name));
  }

  private static Optional<Content> read(Path file) {
    var name = file.toString();
    var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    try {
      return type == null
          ? Optional.empty()
          : Optional.of(new Content(type, Files.readAllBytes(file)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private HttpResponse respond(HttpRequest request, Content content) {
    var all = new LinkedHashMap<String, List<String>>();
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    all.put("content-type", List.of(content.type()));
    all.put("cache-control", List.of("no-cache"));
    if (!isCompressible(content.type())) {
      return new HttpResponse(200, all, content.bytes());
    }
    all.put("vary", List.of("accept-encoding"));
    if (!request.header("accept-encoding").orElse("").contains("gzip")) {
      return new HttpResponse(200, all, content.bytes());
    }
    all.put("content-encoding", List.of("gzip"));
    return new HttpResponse(200, all, compressed(content.bytes()));
  }

  private static boolean isCompressible(String type) {
    return type.startsWith("text/") || type.contains("json") || type.contains("svg");
  }

  private static byte[] compressed(byte[] bytes) {
    var compressed = new ByteArrayOutputStream();
    try (var stream = new GZIPOutputStream(compressed)) {
      stream.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return compressed.toByteArray();
  }
}
