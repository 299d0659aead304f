package cruddur.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import cruddur.local.template.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contents of the jars that run in AWS, and of {@code target/bom.json} beside each. */
class ShippedTest {
  private static final Path REPOSITORY =
      Path.of(
          System.getProperty(
              "localRepository", System.getProperty("user.home") + "/.m2/repository"));

  @ParameterizedTest
  @ValueSource(strings = {"users", "activities", "migrations"})
  void theBillOfMaterialsListsWhatIsInTheJar(String module) throws IOException {
    var target = Path.of("..", "functions", module, "target");
    var inJar = classes(target.resolve("function.jar"));
    var listed = new TreeMap<String, Set<String>>();
    var bom = Json.parse(Files.readAllBytes(target.resolve("bom.json")));
    for (var component : bom.path("components")) {
      listed.put(component.path("name").asText(), classes(jar(component)));
    }
    listed.put(module, classes(target.resolve(module + "-1.jar")));

    var unlisted = new TreeSet<>(inJar);
    listed.values().forEach(unlisted::removeAll);
    assertEquals(Set.of(), unlisted, "in the jar and in no artifact that is listed");
    var unused =
        listed.entrySet().stream()
            .filter(entry -> entry.getValue().stream().noneMatch(inJar::contains))
            .map(entry -> entry.getKey())
            .collect(Collectors.toSet());
    // The shade plugin keeps nothing of this artifact.
    assertEquals(Set.of("metrics-spi"), unused, "listed and not in the jar");
  }

  private static Path jar(JsonNode component) {
    var name = component.path("name").asText();
    var version = component.path("version").asText();
    return component.path("group").asText().equals("cruddur")
        ? Path.of("..", "functions", name, "target", name + "-" + version + ".jar")
        : REPOSITORY
            .resolve(component.path("group").asText().replace('.', '/'))
            .resolve(name)
            .resolve(version)
            .resolve(name + "-" + version + ".jar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"users", "activities", "ingress", "migrations"})
  void theBillOfMaterialsIsTheSameForTheSameCommit(String module) throws IOException {
    var bom = Files.readString(Path.of("..", "functions", module, "target", "bom.json"));
    assertFalse(bom.contains("serialNumber"));
    assertFalse(bom.contains("timestamp"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"users", "activities", "migrations"})
  void nothingSlowIsInTheJarsOfTheDatabasesFunctions(String module) throws IOException {
    var jar = Path.of("..", "functions", module, "target", "function.jar");
    var packages =
        classes(jar).stream()
            .map(name -> name.replaceFirst("/[^/]*$", ""))
            .filter(
                name ->
                    name.matches(
                        "(com/fasterxml/jackson/databind|tools/jackson|io/netty|org/apache"
                            + "|org/joda|com/zaxxer|software/amazon/awssdk/services"
                            + "|software/amazon/lambda/powertools).*"))
            .collect(Collectors.toSet());
    assertEquals(Set.of(), packages);
  }

  private static Set<String> classes(Path jar) throws IOException {
    var names = new HashSet<String>();
    try (var file = new JarFile(jar.toFile())) {
      file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
          .forEach(names::add);
    }
    return names;
  }
}
