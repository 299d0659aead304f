package cruddur.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads the YAML of a CloudFormation template as a JSON tree. A short tag such as {@code !Sub text}
 * becomes its long form {@code {"Fn::Sub": "text"}}. Every scalar is text.
 */
public final class TemplateYaml {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private TemplateYaml() {}

  /**
   * Reads a file.
   *
   * @throws UncheckedIOException when it cannot be read
   * @throws TemplateException when a map has a key twice
   */
  public static JsonNode read(Path file) {
    try (var reader = Files.newBufferedReader(file)) {
      return new Compose(LoadSettings.builder().setLabel(file.toString()).build())
          .composeReader(reader)
          .map(TemplateYaml::tree)
          .orElse(MissingNode.getInstance());
    } catch (IOException failure) {
      throw new UncheckedIOException("the template cannot be read: " + failure, failure);
    }
  }

  private static JsonNode tree(Node node) {
    var tag = node.getTag().getValue();
    var value = untagged(node);
    return tag.startsWith("!") ? JSON.objectNode().set(longForm(tag.substring(1)), value) : value;
  }

  private static String longForm(String shortTag) {
    return shortTag.equals("Ref") || shortTag.equals("Condition") ? shortTag : "Fn::" + shortTag;
  }

  private static String place(Node node) {
    return node.getStartMark().map(mark -> ", again in line " + (mark.getLine() + 1)).orElse("");
  }

  private static JsonNode untagged(Node node) {
    return switch (node) {
      case MappingNode mapping -> {
        var object = JSON.objectNode();
        for (var entry : mapping.getValue()) {
          var key = ((ScalarNode) entry.getKeyNode()).getValue();
          if (object.putIfAbsent(key, tree(entry.getValueNode())) != null) {
            throw new TemplateException(key + " is there twice" + place(entry.getKeyNode()));
          }
        }
        yield object;
      }
      case SequenceNode sequence -> {
        var array = JSON.arrayNode();
        sequence.getValue().forEach(item -> array.add(tree(item)));
        yield array;
      }
      case ScalarNode scalar -> JSON.textNode(scalar.getValue());
      default -> throw new IllegalStateException("not a YAML value: " + node);
    };
  }
}
