package cruddur.local.template;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A function of the template.
 *
 * @param name its logical name
 * @param code the jar or the folder that {@code CodeUri} names
 * @param handler the handler's class, with {@code ::method} if there is one
 * @param timeout how long one invocation may take
 * @param memoryMebibytes the size of an environment, MiB
 * @param variables its environment variables
 * @param logFormat {@code Text} or {@code JSON}
 * @param logLevel the application log level, such as {@code INFO}; empty if none is set
 * @param routes its routes in the HTTP API
 * @param schedules the rules that call it
 * @param triggers the user pool's triggers that it serves, such as {@code PostConfirmation}
 * @param alias the alias of its published version; empty if none is published
 */
public record FunctionDefinition(
    String name,
    Path code,
    String handler,
    Duration timeout,
    int memoryMebibytes,
    Map<String, String> variables,
    String logFormat,
    String logLevel,
    List<Route> routes,
    List<Schedule> schedules,
    Set<String> triggers,
    Optional<String> alias) {

  private static final String[] PROPERTIES =
      """
      Architectures AutoPublishAlias AutoPublishAliasAllProperties CodeUri Description Environment
      Events Handler LoggingConfig MemorySize Policies ReservedConcurrentExecutions
      Runtime SnapStart Timeout Tracing VersionDescription VpcConfig
      """
          .split("\\s+");

  private static final Set<String> TRIGGERS = Set.of("PostAuthentication", "PostConfirmation");

  /** The qualifier of the code as it was uploaded. */
  private static final String UNPUBLISHED = "$LATEST";

  /** The version that a first deployment publishes. */
  private static final String PUBLISHED = "1";

  /**
   * Reads a resource of the type {@code AWS::Serverless::Function}.
   *
   * @param function its properties with those of Globals
   * @param folder to which the path of the code is relative
   * @param api the properties of the HTTP API
   * @throws TemplateException when it has a form that is not emulated
   */
  static FunctionDefinition of(Section function, Path folder, Section api) {
    var name = function.allowing(PROPERTIES).name();
    var logging =
        function
            .member("LoggingConfig")
            .allowing("ApplicationLogLevel", "LogFormat", "LogGroup", "SystemLogLevel");
    return new FunctionDefinition(
        name,
        folder.resolve(function.member("CodeUri").text()),
        function.member("Handler").text(),
        // "AWS::Serverless::Function" in the AWS SAM Developer Guide has both defaults.
        Duration.ofSeconds(function.member("Timeout").numberOr(3)),
        function.member("MemorySize").numberOr(128),
        function.member("Environment").allowing("Variables").member("Variables").textsByName(),
        logging.member("LogFormat").textOr("Text"),
        logging.member("ApplicationLogLevel").textOr(""),
        events(function, "HttpApi").map(event -> Route.of(name, event, api)).toList(),
        events(function, "Schedule").map(event -> Schedule.of(name, event)).toList(),
        events(function, "Cognito")
            .flatMap(FunctionDefinition::triggers)
            .collect(toUnmodifiableSet()),
        Optional.of(function.member("AutoPublishAlias").textOr(""))
            .filter(alias -> !alias.isEmpty()));
  }

  /** The properties of a function's events of one type. */
  private static Stream<Section> events(Section function, String type) {
    return function
        .member("Events")
        .members()
        .filter(event -> event.member("Type").textOf("Cognito", "HttpApi", "Schedule").equals(type))
        .map(event -> event.with(event.member("Properties").value()));
  }

  private static Stream<String> triggers(Section event) {
    event.allowing("Trigger", "UserPool").member("UserPool").textOf(LocalAccount.USER_POOL);
    return event.member("Trigger").texts(TRIGGERS::contains).stream();
  }

  /** The same function with more environment variables. */
  public FunctionDefinition with(Map<String, String> more) {
    var all = new HashMap<String, String>(variables);
    all.putAll(more);
    return with(code, handler, all);
  }

  /** A function like this one with other code. */
  public FunctionDefinition with(Path otherCode, String otherHandler) {
    return with(otherCode, otherHandler, variables);
  }

  private FunctionDefinition with(Path code, String handler, Map<String, String> variables) {
    return new FunctionDefinition(
        name,
        code,
        handler,
        timeout,
        memoryMebibytes,
        variables,
        logFormat,
        logLevel,
        routes,
        schedules,
        triggers,
        alias);
  }

  /** Whether the function changes a security group and so needs an EC2 API. */
  public boolean needsEc2() {
    return variables.containsKey("SECURITY_GROUP_ID");
  }

  /** Whether one of its versions or its alias has this name. */
  public boolean isQualifiedBy(String qualifier) {
    return qualifier.equals(UNPUBLISHED)
        || alias.filter(name -> qualifier.equals(name) || qualifier.equals(PUBLISHED)).isPresent();
  }

  /** Its address in AWS, as {@code context.getInvokedFunctionArn()} gives it. */
  public String arn() {
    return "arn:aws:lambda:%s:%s:function:%s"
        .formatted(LocalAccount.REGION, LocalAccount.ACCOUNT, name);
  }
}
