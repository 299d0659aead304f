package cruddur.local.template;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A function of the template.
 *
 * @param name its logical name
 * @param code the jar or the folder that {@code CodeUri} names
 * @param handler the handler's class, with {@code ::method} where it names one
 * @param timeout how long one invocation may take
 * @param memoryMebibytes the size of an environment, MiB
 * @param variables its environment variables
 * @param logFormat {@code Text} or {@code JSON}
 * @param logLevel the application log level, {@code INFO} and so on; empty when none is set
 * @param routes the routes of the HTTP API that lead to it
 * @param schedules the rules that call it
 * @param triggers the user pool's triggers that it serves, such as {@code PostConfirmation}
 * @param alias the alias of its published version; empty when none is published
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

  /** What Lambda names the code as it was uploaded. */
  private static final String UNPUBLISHED = "$LATEST";

  /** The version that a first deployment publishes. */
  private static final String PUBLISHED = "1";

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

  /** Whether it changes a security group, which needs an EC2 API. */
  public boolean needsEc2() {
    return variables.containsKey("SECURITY_GROUP_ID");
  }

  /** Whether a version or an alias of it has this name. */
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
