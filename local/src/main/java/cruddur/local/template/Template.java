package cruddur.local.template;

import static java.util.stream.Collectors.toUnmodifiableMap;
import static java.util.stream.Collectors.toUnmodifiableSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import cruddur.local.template.HttpApiDefinition.Cors;
import cruddur.local.template.Route.Authorization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A SAM template, read for what runs on one machine: its functions and its HTTP API. Only the parts
 * that these need are resolved, so that the rest of a template may hold anything.
 */
public final class Template {
  private static final String FUNCTION = "AWS::Serverless::Function";
  private static final String HTTP_API = "AWS::Serverless::HttpApi";
  private static final Set<String> SCHEDULE_MEMBERS = Set.of("Schedule", "Name", "Description");

  private final Path folder;
  private final JsonNode root;
  private final Intrinsics intrinsics;

  private Template(Path folder, JsonNode root) {
    this.folder = folder;
    this.root = root;
    this.intrinsics = new Intrinsics(root);
  }

  /** Reads a template; the paths in it are relative to its folder. */
  public static Template read(Path file) {
    return new Template(file.toAbsolutePath().resolveSibling(""), TemplateYaml.read(file));
  }

  /**
   * The functions in Java whose condition holds, in the order of the template. Others answer
   * CloudFormation, which is not here.
   *
   * @throws IllegalArgumentException when one has a schedule that cannot run here; the message
   *     names it
   */
  public List<FunctionDefinition> functions() {
    return resources(FUNCTION)
        .filter(
            entry ->
                textOr(properties(entry.getValue()).path("Runtime"), "java").startsWith("java"))
        .map(entry -> function(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** The function that the stack's migration calls, by its logical name. */
  public Optional<String> migrator() {
    return resources("Custom::Migration")
        .map(entry -> entry.getValue().path("Properties").path("Migrator").path("Ref").asText())
        .map(version -> version.replaceFirst("\\..*", ""))
        .findFirst();
  }

  /** The HTTP API; one without any setting when the template has none. */
  public HttpApiDefinition httpApi() {
    var properties = httpApiProperties();
    var authorizers = properties.path("Auth").path("Authorizers");
    return new HttpApiDefinition(
        functions().stream().flatMap(function -> function.routes().stream()).toList(),
        cors(intrinsics.resolve(properties.path("CorsConfiguration"))),
        authorizers.properties().stream()
            .collect(toUnmodifiableMap(Map.Entry::getKey, entry -> audience(entry.getValue()))));
  }

  /**
   * The headers that the template's response headers policy puts on the page's files, by lower-case
   * name; none when it has no such policy. What HTTPS alone makes sense of is left out, and so is
   * the origin of the user pool's domain: here the page's own stands in for it.
   */
  public Map<String, String> pageHeaders() {
    var policy =
        resources("AWS::CloudFront::ResponseHeadersPolicy")
            .findFirst()
            .map(entry -> entry.getValue().path("Properties"))
            .orElseGet(JsonNodeFactory.instance::objectNode)
            .path("ResponseHeadersPolicyConfig")
            .path("SecurityHeadersConfig");
    var headers = new LinkedHashMap<String, String>();
    var content = policy.path("ContentSecurityPolicy").path("ContentSecurityPolicy");
    putUnlessEmpty(
        headers,
        "content-security-policy",
        textOr(content, "").replaceAll(" https://[^ ]*\\.amazoncognito\\.com", ""));
    putUnlessEmpty(
        headers, "x-content-type-options", policy.has("ContentTypeOptions") ? "nosniff" : "");
    putUnlessEmpty(
        headers, "x-frame-options", textOr(policy.path("FrameOptions").path("FrameOption"), ""));
    putUnlessEmpty(
        headers,
        "referrer-policy",
        textOr(policy.path("ReferrerPolicy").path("ReferrerPolicy"), ""));
    return headers;
  }

  private static void putUnlessEmpty(Map<String, String> headers, String name, String value) {
    if (!value.isEmpty()) {
      headers.put(name, value);
    }
  }

  private Stream<Map.Entry<String, JsonNode>> resources(String type) {
    return root.path("Resources").properties().stream()
        .filter(entry -> entry.getValue().path("Type").asText().equals(type))
        .filter(entry -> exists(entry.getValue()));
  }

  private boolean exists(JsonNode resource) {
    return !resource.has("Condition") || intrinsics.holds(resource.path("Condition").asText());
  }

  private FunctionDefinition function(String name, JsonNode resource) {
    var properties = properties(resource);
    var logging = properties.path("LoggingConfig");
    return new FunctionDefinition(
        name,
        folder.resolve(intrinsics.text(properties.path("CodeUri"))),
        intrinsics.text(properties.path("Handler")),
        Duration.ofSeconds(number(properties.path("Timeout"), 3)),
        number(properties.path("MemorySize"), 128),
        variables(properties.path("Environment").path("Variables")),
        textOr(logging.path("LogFormat"), "Text"),
        textOr(logging.path("ApplicationLogLevel"), ""),
        events(properties, "HttpApi").map(event -> route(name, event.getValue())).toList(),
        events(properties, "Schedule")
            .map(event -> schedule(name, event.getKey(), event.getValue()))
            .toList(),
        events(properties, "Cognito")
            .flatMap(event -> triggers(event.getValue()))
            .collect(toUnmodifiableSet()),
        Optional.of(textOr(properties.path("AutoPublishAlias"), ""))
            .filter(alias -> !alias.isEmpty()));
  }

  /** A function's properties, with those that Globals has for it and it does not ignore. */
  private JsonNode properties(JsonNode function) {
    var globals = JsonNodeFactory.instance.objectNode();
    var ignored = intrinsics.texts(function.path("IgnoreGlobals"));
    root.path("Globals").path("Function").properties().stream()
        .filter(entry -> !ignored.contains("*") && !ignored.contains(entry.getKey()))
        .forEach(entry -> globals.set(entry.getKey(), entry.getValue()));
    return merge(globals, function.path("Properties"));
  }

  /** SAM's merge of its Globals: maps by member, lists one after the other, the rest replaced. */
  private static JsonNode merge(JsonNode global, JsonNode own) {
    if (global.isObject() && own.isObject()) {
      var merged = JsonNodeFactory.instance.objectNode();
      global.properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
      own.properties()
          .forEach(
              entry ->
                  merged.set(entry.getKey(), merge(global.path(entry.getKey()), entry.getValue())));
      return merged;
    }
    if (global.isArray() && own.isArray()) {
      var merged = JsonNodeFactory.instance.arrayNode();
      global.forEach(merged::add);
      own.forEach(merged::add);
      return merged;
    }
    return own.isMissingNode() ? global : own;
  }

  private int number(JsonNode value, int otherwise) {
    return value.isMissingNode() ? otherwise : Integer.parseInt(intrinsics.text(value));
  }

  private String textOr(JsonNode value, String otherwise) {
    return value.isMissingNode() ? otherwise : intrinsics.text(value);
  }

  private Map<String, String> variables(JsonNode variables) {
    return intrinsics.resolve(variables).properties().stream()
        .collect(toUnmodifiableMap(Map.Entry::getKey, entry -> intrinsics.text(entry.getValue())));
  }

  /** The properties of a function's events of one type, by the events' names. */
  private static Stream<Map.Entry<String, JsonNode>> events(JsonNode properties, String type) {
    return properties.path("Events").properties().stream()
        .filter(event -> event.getValue().path("Type").asText().equals(type))
        .map(event -> Map.entry(event.getKey(), event.getValue().path("Properties")));
  }

  private Schedule schedule(String function, String name, JsonNode event) {
    for (var member : event.properties()) {
      if (!SCHEDULE_MEMBERS.contains(member.getKey())) {
        throw new IllegalArgumentException(
            "%s: bin/local cannot run the schedule %s with %s"
                .formatted(function, name, member.getKey()));
      }
    }
    var expression = intrinsics.text(event.path("Schedule"));
    return Schedule.interval(expression)
        .map(interval -> new Schedule(function, name, interval))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: bin/local cannot run the schedule %s, which is %s and not rate(...)"
                        .formatted(function, name, expression)));
  }

  private Stream<String> triggers(JsonNode event) {
    return intrinsics.texts(event.path("Trigger")).stream();
  }

  private Route route(String function, JsonNode event) {
    var path = event.path("Path");
    var method = textOr(event.path("Method"), "ANY").toUpperCase(Locale.ROOT);
    return new Route(
        path.isMissingNode() || intrinsics.text(path).equals("$default")
            ? "$default"
            : method.replace("X-AMAZON-APIGATEWAY-ANY-METHOD", "ANY") + " " + intrinsics.text(path),
        authorization(event.path("Auth")),
        function);
  }

  private Authorization authorization(JsonNode auth) {
    var byDefault = textOr(httpApiProperties().path("Auth").path("DefaultAuthorizer"), "NONE");
    return switch (textOr(auth.path("Authorizer"), byDefault)) {
      case "NONE" -> new Authorization.Open();
      case "AWS_IAM" -> new Authorization.Iam();
      case String name ->
          new Authorization.Jwt(name, intrinsics.texts(auth.path("AuthorizationScopes")));
    };
  }

  private JsonNode httpApiProperties() {
    var own =
        resources(HTTP_API)
            .findFirst()
            .map(entry -> entry.getValue().path("Properties"))
            .orElseGet(JsonNodeFactory.instance::objectNode);
    return merge(root.path("Globals").path("HttpApi"), own);
  }

  private List<String> audience(JsonNode authorizer) {
    return intrinsics.texts(authorizer.path("JwtConfiguration").path("audience"));
  }

  private Optional<Cors> cors(JsonNode configuration) {
    if (configuration.asText().equals("true")) {
      return Optional.of(new Cors(List.of("*"), List.of("*"), List.of("*"), List.of(), false, ""));
    }
    if (!configuration.isObject()) {
      return Optional.empty();
    }
    return Optional.of(
        new Cors(
            intrinsics.texts(configuration.path("AllowOrigins")),
            intrinsics.texts(configuration.path("AllowMethods")),
            intrinsics.texts(configuration.path("AllowHeaders")),
            intrinsics.texts(configuration.path("ExposeHeaders")),
            configuration.path("AllowCredentials").asText().equals("true"),
            configuration.path("MaxAge").asText()));
  }
}
