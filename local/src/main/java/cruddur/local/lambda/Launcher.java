package cruddur.local.lambda;

import cruddur.local.template.FunctionDefinition;
import cruddur.local.template.LocalAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Starts the process of an execution environment as the managed java25 runtime does. AWS's runtime
 * client has the handler as its argument. A started process inherits only the AWS settings among
 * this process's environment variables.
 */
public final class Launcher {
  private final FunctionDefinition function;
  private final Path taskRoot;
  private final RuntimeClient client;
  private final String database;
  private final Map<String, String> inherited;

  /**
   * Prepares to start a function.
   *
   * @param taskRoot the folder with its code
   * @param database address of the database: {@code host:port/name}, and a question mark with
   *     pgjdbc's settings if there are any
   * @param inherited this process's environment variables; functions get the AWS settings among
   *     them
   */
  public Launcher(
      FunctionDefinition function,
      Path taskRoot,
      RuntimeClient client,
      String database,
      Map<String, String> inherited) {
    this.function = function;
    this.taskRoot = taskRoot;
    this.client = client;
    this.database = database;
    this.inherited = inherited;
  }

  /**
   * Starts a process.
   *
   * @param runtimeApi address of its Runtime API
   * @param output takes its standard output and error
   */
  public Process start(String runtimeApi, ProcessBuilder.Redirect output) {
    var builder =
        new ProcessBuilder(command())
            .directory(taskRoot.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output);
    builder.environment().clear();
    builder.environment().putAll(variables(runtimeApi));
    try {
      return builder.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(function.name() + " cannot be started", failure);
    }
  }

  private List<String> command() {
    var command = new ArrayList<>(java(function));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            // The package of SnapStart's hooks, for org.crac.
            "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
            "-D" + RuntimeClient.LIBRARY_PROPERTY + "=" + client.library(),
            "-cp",
            client.classPath(),
            RuntimeClient.MAIN,
            function.handler()));
    return command;
  }

  /**
   * The command that starts a function's JVM in the managed runtime. Outside SnapStart, this
   * command allows only C1. Under SnapStart, the template's {@code JAVA_TOOL_OPTIONS} does. The
   * maximum heap is 85 percent of the function's memory. The JVM derives the initial heap from that
   * memory too.
   */
  public static List<String> java(FunctionDefinition function) {
    var memory = function.memoryMebibytes();
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:MaxRAM=" + memory + "m",
                "-Xmx" + memory * 85 / 100 + "m",
                "-XX:+UseSerialGC",
                "-Xshare:auto"));
    if (!"snap-start".equals(function.variables().get("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
      command.add("-XX:TieredStopAtLevel=1");
    }
    return command;
  }

  private Map<String, String> variables(String runtimeApi) {
    var variables = new TreeMap<String, String>();
    function
        .variables()
        .forEach(
            (name, value) ->
                variables.put(name, name.equals("CONNECTION_URL") ? localUrl(value) : value));
    variables.putAll(awsSettings());
    variables.put("AWS_LAMBDA_RUNTIME_API", runtimeApi);
    variables.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
    variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMebibytes()));
    variables.putIfAbsent("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name());
    variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "local/[$LATEST]" + UUID.randomUUID());
    variables.put("AWS_LAMBDA_LOG_FORMAT", function.logFormat());
    if (!function.logLevel().isEmpty()) {
      variables.put("AWS_LAMBDA_LOG_LEVEL", function.logLevel());
    }
    variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
    variables.put("AWS_REGION", LocalAccount.REGION);
    variables.put("AWS_DEFAULT_REGION", LocalAccount.REGION);
    variables.put("LAMBDA_TASK_ROOT", taskRoot.toString());
    // Lambda sets en_US.UTF-8. Most machines lack it, and Java would then read paths as ASCII.
    variables.put("LANG", "C.UTF-8");
    variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    variables.put("TZ", ":UTC");
    // To standard output, in frames; see ProcessLog.
    variables.put("_LAMBDA_TELEMETRY_LOG_FD", "1");
    variables.put("_HANDLER", function.handler());
    return variables;
  }

  /** This process's credentials and EC2 address, or values that no service accepts. */
  private Map<String, String> awsSettings() {
    var settings = new TreeMap<String, String>();
    for (var name :
        List.of(
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "SECURITY_GROUP_ID")) {
      var value = inherited.get(name);
      if (value != null) {
        settings.put(name, value);
      }
    }
    // Without an EC2 API, a call fails with an address that says why. It never reaches AWS.
    settings.put(
        "AWS_ENDPOINT_URL_EC2",
        Ec2Endpoint.address(inherited)
            .orElse("http://127.0.0.1:1/AWS_ENDPOINT_URL_EC2-is-not-set"));
    if (!settings.containsKey("AWS_ACCESS_KEY_ID")) {
      settings.put("AWS_ACCESS_KEY_ID", "local");
      settings.put("AWS_SECRET_ACCESS_KEY", "local");
    }
    return settings;
  }

  /** The address of this machine's database, with the role of the template's address. */
  private String localUrl(String url) {
    var end = url.indexOf('@');
    var start = url.indexOf("://") + "://".length();
    if (!url.startsWith("postgres") || end < start) {
      throw new IllegalStateException(
          "CONNECTION_URL of %s is not postgresql://ROLE@HOST/DATABASE".formatted(function.name()));
    }
    var role = url.substring(start, end).replaceFirst(":.*", "");
    return "postgresql://%s:local@%s".formatted(role, database);
  }
}
