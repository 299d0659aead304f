package cruddur.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Templates whose functions are the {@link SampleHandlers}. */
final class Samples {
  private static final Path CLASSES = Path.of("target", "test-classes").toAbsolutePath();

  private Samples() {}

  /** A function with one of the sample handlers, as a resource of a template. */
  static String function(String name, String handler, String properties) {
    return """
      %s:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: %s
          Handler: cruddur.local.SampleHandlers$%s
    %s
    """
        .formatted(name, CLASSES, handler, properties.indent(6).stripTrailing());
  }

  /** Reads a template of the given resources. */
  static Template template(Path folder, String... resources) {
    try {
      var file = folder.resolve("template.yaml");
      Files.writeString(file, "Resources:\n" + String.join("", resources));
      return Template.read(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The functions of a template, with their code and logs under a folder. */
  static Functions functions(Template template, Path folder) {
    return new Functions(
        template.functions(),
        folder,
        new Launcher.Surroundings(
            RuntimeClient.unpack(Path.of("target", "runtime"), folder.resolve("runtime")),
            "127.0.0.1:1/cruddur",
            Map.of()),
        System.err::print);
  }
}
