package cruddur.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves CloudFormation's intrinsic functions for this machine. A parameter has its value from
 * {@link LocalAccount}, or else its default. A resource's id is its logical name. A function that
 * template.yaml does not use fails with an exception that names it.
 */
public final class Intrinsics {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
  private static final Set<String> PARAMETER_TYPES = Set.of("String", "Number");

  private static final Map<String, String> PSEUDO_PARAMETERS =
      Map.of(
          "AWS::AccountId",
          LocalAccount.ACCOUNT,
          "AWS::Partition",
          "aws",
          "AWS::Region",
          LocalAccount.REGION,
          "AWS::StackId",
          LocalAccount.STACK_ID,
          "AWS::StackName",
          "cruddur",
          "AWS::URLSuffix",
          "amazonaws.com");

  private static final Map<String, String> IDS_BY_TYPE =
      Map.of(
          "AWS::Cognito::UserPool", LocalAccount.USER_POOL,
          "AWS::Cognito::UserPoolClient", LocalAccount.CLIENT);

  /** How many arguments a function needs ("Intrinsic function reference", CloudFormation). */
  private static final Map<String, Integer> ARGUMENT_COUNTS =
      Map.of(
          "Fn::Equals", 2,
          "Fn::If", 3,
          "Fn::Not", 1,
          "Fn::Select", 2,
          "Fn::Split", 2);

  private final JsonNode template;

  /** Resolves the functions of a template. */
  public Intrinsics(JsonNode template) {
    this.template = template;
  }

  /**
   * A value of the template with its functions resolved, as text.
   *
   * @throws TemplateException as {@link #resolve} does
   */
  public String text(JsonNode value) {
    var resolved = resolve(value);
    return resolved.isContainerNode() ? resolved.toString() : resolved.asText();
  }

  /**
   * A value of the template with its functions resolved; missing for AWS::NoValue.
   *
   * @throws TemplateException when a function is not emulated, has invalid arguments, or names an
   *     absent part of the template
   */
  public JsonNode resolve(JsonNode value) {
    if (value.isArray()) {
      return resolveAll(value);
    }
    if (!value.isObject()) {
      return value;
    }
    if (value.size() == 1 && isFunction(only(value).getKey())) {
      return call(only(value).getKey(), only(value).getValue());
    }
    return resolveMembers(value);
  }

  private static Map.Entry<String, JsonNode> only(JsonNode object) {
    return object.properties().iterator().next();
  }

  private static boolean isFunction(String name) {
    return name.equals("Ref") || name.startsWith("Fn::");
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
      if (isFunction(member.getKey())) {
        throw notEmulated(member.getKey() + " beside other members");
      }
      var each = resolve(member.getValue());
      if (!each.isMissingNode()) {
        resolved.set(member.getKey(), each);
      }
    }
    return resolved;
  }

  private JsonNode call(String function, JsonNode argument) {
    checkCount(function, argument);
    return switch (function) {
      case "Ref" -> reference(literal(function, argument));
      case "Fn::Sub" -> JSON.textNode(substitute(argument));
      case "Fn::GetAtt" -> attribute(argument);
      case "Fn::Split" -> split(text(argument.path(1)), literal(function, argument.path(0)));
      case "Fn::Select" -> select(resolve(argument.path(1)), text(argument.path(0)));
      case "Fn::If" -> resolve(argument.path(isTrue(literal(function, argument.path(0))) ? 1 : 2));
      default -> throw notEmulated(function);
    };
  }

  private static void checkCount(String function, JsonNode argument) {
    var count = ARGUMENT_COUNTS.get(function);
    if (count != null && !(argument.isArray() && argument.size() == count)) {
      throw invalid(function, argument);
    }
  }

  /** An argument that must be a text. */
  private static String literal(String function, JsonNode argument) {
    if (!argument.isTextual()) {
      throw invalid(function, argument);
    }
    return argument.asText();
  }

  private static TemplateException invalid(String function, JsonNode argument) {
    return new TemplateException(argument + " is not valid for " + function);
  }

  private JsonNode reference(String name) {
    if (name.equals("AWS::NoValue")) {
      return MissingNode.getInstance();
    }
    var pseudo = PSEUDO_PARAMETERS.get(name);
    if (pseudo != null) {
      return JSON.textNode(pseudo);
    }
    if (name.startsWith("AWS::")) {
      throw notEmulated(name);
    }
    return template.path("Parameters").has(name) ? parameter(name) : resource(name);
  }

  private JsonNode parameter(String name) {
    var parameter = template.path("Parameters").path(name);
    var type = parameter.path("Type").asText();
    if (!PARAMETER_TYPES.contains(type)) {
      throw notEmulated("the type " + type + " of the parameter " + name);
    }
    if (!parameter.has("Default")) {
      throw new TemplateException("the parameter " + name + " has no default");
    }
    return JSON.textNode(
        LocalAccount.PARAMETERS.getOrDefault(name, parameter.path("Default").asText()));
  }

  private JsonNode resource(String name) {
    var resource = template.path("Resources").path(name);
    if (resource.isMissingNode()) {
      throw new TemplateException(name + " is neither a parameter nor a resource");
    }
    return JSON.textNode(IDS_BY_TYPE.getOrDefault(resource.path("Type").asText(), name));
  }

  /** The value of a resource's attribute here, {@code Resource.Attribute}. */
  private JsonNode attribute(JsonNode argument) {
    if (!argument.isTextual()) {
      throw notEmulated("Fn::GetAtt with a list");
    }
    var name = argument.asText();
    var _ = resource(name.replaceFirst("\\..*", ""));
    return JSON.textNode(name);
  }

  private static ArrayNode split(String text, String delimiter) {
    var parts = JSON.arrayNode();
    for (var part : text.split(Pattern.quote(delimiter), -1)) {
      parts.add(part);
    }
    return parts;
  }

  private static JsonNode select(JsonNode list, String index) {
    var item = index.matches("\\d{1,9}") ? list.path(Integer.parseInt(index)) : list.path(-1);
    if (item.isMissingNode()) {
      throw new TemplateException("Fn::Select finds no item " + index + " in " + list);
    }
    return item;
  }

  private String substitute(JsonNode argument) {
    if (argument.isArray() && (argument.size() != 2 || !argument.path(1).isObject())) {
      throw invalid("Fn::Sub", argument);
    }
    var pattern = argument.isArray() ? argument.path(0) : argument;
    var variables = argument.isArray() ? argument.path(1) : MissingNode.getInstance();
    return VARIABLE
        .matcher(literal("Fn::Sub", pattern))
        .replaceAll(match -> Matcher.quoteReplacement(variable(match.group(1), variables)));
  }

  private String variable(String name, JsonNode variables) {
    if (name.startsWith("!")) {
      throw notEmulated("Fn::Sub with ${" + name + "}");
    }
    if (variables.has(name)) {
      return text(variables.path(name));
    }
    return name.contains(".") ? attribute(JSON.textNode(name)).asText() : reference(name).asText();
  }

  /**
   * Whether a named condition of the template is true on this machine.
   *
   * @throws TemplateException when there is no such condition, or it is not emulated
   */
  boolean isTrue(String condition) {
    var rule = template.path("Conditions").path(condition);
    if (rule.isMissingNode()) {
      throw new TemplateException(condition + " is no condition");
    }
    return isTrue(rule);
  }

  private boolean isTrue(JsonNode rule) {
    if (rule.size() != 1 || !rule.isObject()) {
      throw notEmulated("the condition " + rule);
    }
    var function = only(rule).getKey();
    var argument = only(rule).getValue();
    checkCount(function, argument);
    return switch (function) {
      case "Condition" -> isTrue(literal(function, argument));
      case "Fn::Equals" -> text(argument.path(0)).equals(text(argument.path(1)));
      case "Fn::Not" -> !isTrue(argument.path(0));
      case "Fn::And" -> {
        if (argument.size() < 2) {
          throw invalid(function, argument);
        }
        yield argument.valueStream().allMatch(this::isTrue);
      }
      default -> throw notEmulated("the condition " + function);
    };
  }

  private static TemplateException notEmulated(String what) {
    return TemplateException.notEmulated(what);
  }
}
