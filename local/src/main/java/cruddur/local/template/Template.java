package cruddur.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The parts of a SAM template that run on one machine: the functions, the HTTP API and the page's
 * headers. A form that template.yaml does not use is not emulated, and fails with a {@link
 * TemplateException} that names it. Other resources are not read.
 */
public final class Template {
  private static final String SAM = "AWS::Serverless-2016-10-31";
  private static final String FUNCTION = "AWS::Serverless::Function";
  private static final String HTTP_API = "AWS::Serverless::HttpApi";
  private static final String JAVA = "java25";

  private final Path folder;
  private final JsonNode root;
  private final Intrinsics intrinsics;

  private Template(Path folder, JsonNode root) {
    this.folder = folder;
    this.root = root;
    this.intrinsics = new Intrinsics(root);
  }

  /** Reads a template. Its paths are relative to its folder. */
  public static Template read(Path file) {
    var template = new Template(file.toAbsolutePath().resolveSibling(""), TemplateYaml.read(file));
    template.refuseWhatIsNotEmulated();
    return template;
  }

  private void refuseWhatIsNotEmulated() {
    var transform = section("Transform");
    if (transform.isPresent() && !transform.value().asText().equals(SAM)) {
      throw transform.notEmulated(transform.value().toString());
    }
    section("Globals").allowing("Function");
    section("Resources")
        .members()
        .map(resource -> resource.member("Type"))
        .filter(type -> type.textOr("").startsWith("AWS::Serverless::"))
        .forEach(type -> type.textOf(FUNCTION, HTTP_API));
  }

  private Section section(String name) {
    return new Section(name, root.path(name), intrinsics);
  }

  /**
   * The functions in Java, in the order of the template. Functions in other languages serve only
   * CloudFormation.
   */
  public List<FunctionDefinition> functions() {
    // Without an HTTP API, this empty section makes the first route fail.
    var api = resources(HTTP_API).findFirst().orElseGet(() -> section("HttpApi"));
    return resources(FUNCTION)
        .filter(Template::isJava)
        .map(function -> FunctionDefinition.of(function, folder, api))
        .toList();
  }

  private static boolean isJava(Section function) {
    var runtime = function.member("Runtime");
    if (function.member("Events").isPresent() || runtime.text().startsWith("java")) {
      runtime.textOf(JAVA);
      return true;
    }
    return false;
  }

  /** The logical name of the function that the stack's migration calls. */
  public String migrator() {
    var migrator = only("Custom::Migration").member("Migrator");
    var version = migrator.value().path("Ref").asText();
    return functions().stream()
        .map(FunctionDefinition::name)
        .filter(name -> version.equals(name + ".Version"))
        .findFirst()
        .orElseThrow(() -> new TemplateException(migrator.place() + " is no function's version"));
  }

  /** The HTTP API, with the routes to all functions. */
  public HttpApiDefinition httpApi() {
    var api = only(HTTP_API);
    var routes = functions().stream().flatMap(function -> function.routes().stream()).toList();
    return HttpApiDefinition.of(api, routes);
  }

  /**
   * The headers of the page's files by the template's response headers policy, by lower-case name.
   * Strict-Transport-Security is left out, since it works only under HTTPS. So is the user pool's
   * domain, since here the identity service is below the page's origin.
   */
  public Map<String, String> pageHeaders() {
    var headers = new LinkedHashMap<String, String>();
    only("AWS::CloudFront::ResponseHeadersPolicy")
        .member("ResponseHeadersPolicyConfig")
        .allowing("Name", "SecurityHeadersConfig")
        .member("SecurityHeadersConfig")
        .members()
        .forEach(
            header -> {
              switch (header.name()) {
                case "ContentSecurityPolicy" ->
                    headers.put(
                        "content-security-policy",
                        header
                            .member("ContentSecurityPolicy")
                            .text()
                            .replaceAll(" https://[^ ]*\\.amazoncognito\\.com", ""));
                case "ContentTypeOptions" -> headers.put("x-content-type-options", "nosniff");
                case "FrameOptions" ->
                    headers.put("x-frame-options", header.member("FrameOption").text());
                case "ReferrerPolicy" ->
                    headers.put("referrer-policy", header.member("ReferrerPolicy").text());
                case "StrictTransportSecurity" -> {}
                default -> throw TemplateException.notEmulated(header.place());
              }
            });
    return headers;
  }

  private Stream<Section> resources(String type) {
    return root.path("Resources").properties().stream()
        .filter(entry -> entry.getValue().path("Type").asText().equals(type))
        .filter(entry -> exists(entry.getValue()))
        .map(entry -> new Section(entry.getKey(), entry.getValue(), intrinsics))
        .map(this::properties);
  }

  private boolean exists(JsonNode resource) {
    return !resource.has("Condition") || intrinsics.isTrue(resource.path("Condition").asText());
  }

  private Section only(String type) {
    var all = resources(type).toList();
    if (all.size() != 1) {
      throw TemplateException.notEmulated(
          "a template with %d resources of type %s".formatted(all.size(), type));
    }
    return all.getFirst();
  }

  /** A resource's properties. A function has those of Globals too, unless it ignores them. */
  private Section properties(Section resource) {
    var own = resource.value().path("Properties");
    if (!resource.value().path("Type").asText().equals(FUNCTION)) {
      return resource.with(own);
    }
    var globals = JsonNodeFactory.instance.objectNode();
    var ignored = resource.member("IgnoreGlobals").texts();
    section("Globals")
        .member("Function")
        .members()
        .filter(member -> !ignored.contains("*") && !ignored.contains(member.name()))
        .forEach(member -> globals.set(member.name(), member.value()));
    return resource.with(merge(globals, own));
  }

  /** Merges Globals as SAM does: maps member by member; any other value replaces the global one. */
  private static JsonNode merge(JsonNode global, JsonNode own) {
    if (!global.isObject() || !own.isObject()) {
      return own.isMissingNode() ? global : own;
    }
    var merged = JsonNodeFactory.instance.objectNode();
    global.properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
    own.properties()
        .forEach(
            entry ->
                merged.set(entry.getKey(), merge(global.path(entry.getKey()), entry.getValue())));
    return merged;
  }
}
