package cruddur.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CloudFormation's intrinsic functions, as they come out on this machine: a parameter is its
 * default, and what only AWS can know is a readable placeholder, the logical name. Nothing fails on
 * a function that is unknown here.
 */
public final class Intrinsics {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)}");

  private static final Map<String, String> PSEUDO_PARAMETERS =
      Map.of(
          "AWS::AccountId", LocalAccount.ACCOUNT,
          "AWS::Partition", "aws",
          "AWS::Region", LocalAccount.REGION,
          "AWS::StackName", "cruddur",
          "AWS::URLSuffix", "amazonaws.com");

  private static final Map<String, String> RESOURCES_BY_TYPE =
      Map.of(
          "AWS::Cognito::UserPool", LocalAccount.USER_POOL,
          "AWS::Cognito::UserPoolClient", LocalAccount.CLIENT);

  private final JsonNode template;

  public Intrinsics(JsonNode template) {
    this.template = template;
  }

  /** A value of the template with every function in it resolved, as text. */
  public String text(JsonNode value) {
    var resolved = resolve(value);
    return resolved.isContainerNode() ? resolved.toString() : resolved.asText();
  }

  /** A list of the template as texts; a single value is a list of one, an absent one is empty. */
  List<String> texts(JsonNode value) {
    var texts = new ArrayList<String>();
    var resolved = resolve(value);
    if (resolved.isArray()) {
      resolved.forEach(item -> texts.add(item.asText()));
    } else if (!resolved.isMissingNode()) {
      texts.add(resolved.asText());
    }
    return List.copyOf(texts);
  }

  /** A value of the template with every function in it resolved; missing for AWS::NoValue. */
  public JsonNode resolve(JsonNode value) {
    if (value.isArray()) {
      return resolveAll(value);
    }
    if (!value.isObject()) {
      return value;
    }
    if (value.size() == 1) {
      var only = value.properties().iterator().next();
      if (only.getKey().equals("Ref") || only.getKey().startsWith("Fn::")) {
        return call(only.getKey(), only.getValue());
      }
    }
    return resolveMembers(value);
  }

  private ArrayNode resolveAll(JsonNode array) {
    var resolved = JSON.arrayNode();
    for (var item : array) {
      var each = resolve(item);
      if (!each.isMissingNode()) {
        resolved.add(each);
      }
    }
    return resolved;
  }

  private ObjectNode resolveMembers(JsonNode object) {
    var resolved = JSON.objectNode();
    for (var member : object.properties()) {
      var each = resolve(member.getValue());
      if (!each.isMissingNode()) {
        resolved.set(member.getKey(), each);
      }
    }
    return resolved;
  }

  private JsonNode call(String function, JsonNode argument) {
    return switch (function) {
      case "Ref" -> reference(argument.asText());
      case "Fn::Sub" -> JSON.textNode(substitute(argument));
      case "Fn::GetAtt" ->
          JSON.textNode(argument.isArray() ? String.join(".", texts(argument)) : argument.asText());
      case "Fn::Join" ->
          JSON.textNode(String.join(argument.path(0).asText(), texts(argument.path(1))));
      case "Fn::Split" -> split(text(argument.path(1)), argument.path(0).asText());
      case "Fn::Select" -> resolve(argument.path(1)).path(Integer.parseInt(text(argument.path(0))));
      case "Fn::If" -> resolve(argument.path(holds(argument.path(0).asText()) ? 1 : 2));
      case "Fn::FindInMap" ->
          resolve(
              template
                  .path("Mappings")
                  .path(text(argument.path(0)))
                  .path(text(argument.path(1)))
                  .path(text(argument.path(2))));
      default -> JSON.textNode(text(argument));
    };
  }

  private JsonNode reference(String name) {
    if (name.equals("AWS::NoValue")) {
      return MissingNode.getInstance();
    }
    var parameter = template.path("Parameters").path(name);
    var initial =
        LocalAccount.PARAMETERS.getOrDefault(
            name, parameter.path("Default").asText(PSEUDO_PARAMETERS.getOrDefault(name, name)));
    var type = parameter.path("Type").asText();
    if (type.startsWith("List<") || type.equals("CommaDelimitedList")) {
      return split(initial, ",");
    }
    var resourceType = template.path("Resources").path(name).path("Type").asText();
    return JSON.textNode(RESOURCES_BY_TYPE.getOrDefault(resourceType, initial));
  }

  private static ArrayNode split(String text, String delimiter) {
    var parts = JSON.arrayNode();
    for (var part : text.split(Pattern.quote(delimiter), -1)) {
      parts.add(part.strip());
    }
    return parts;
  }

  private String substitute(JsonNode argument) {
    var pattern = argument.isArray() ? argument.path(0).asText() : argument.asText();
    var variables = argument.isArray() ? argument.path(1) : MissingNode.getInstance();
    return VARIABLE
        .matcher(pattern)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    match.group(1).isEmpty()
                        ? variable(match.group(2), variables)
                        : "${" + match.group(2) + "}"));
  }

  private String variable(String name, JsonNode variables) {
    return text(variables.has(name) ? variables.path(name) : reference(name));
  }

  /** Whether a named condition of the template holds on this machine. */
  boolean holds(String condition) {
    return isTrue(template.path("Conditions").path(condition));
  }

  private boolean isTrue(JsonNode rule) {
    if (!rule.isObject() || rule.isEmpty()) {
      return text(rule).equals("true");
    }
    var only = rule.properties().iterator().next();
    var argument = only.getValue();
    return switch (only.getKey()) {
      case "Condition" -> holds(argument.asText());
      case "Fn::Equals" -> text(argument.path(0)).equals(text(argument.path(1)));
      case "Fn::Not" -> !isTrue(argument.path(0));
      case "Fn::And" -> argument.valueStream().allMatch(this::isTrue);
      case "Fn::Or" -> argument.valueStream().anyMatch(this::isTrue);
      default -> text(rule).equals("true");
    };
  }
}
