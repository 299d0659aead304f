package cruddur.local.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cruddur.local.template.Route.Authorization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  @TempDir Path folder;

  @Test
  void readsTheTemplateOfThisRepository() {
    var template = Template.read(Path.of("..", "template.yaml"));
    var functions = template.functions();
    var confirming =
        functions.stream()
            .filter(function -> function.triggers().contains("PostConfirmation"))
            .toList();
    assertEquals(
        List.of("PostConfirmationFunction"),
        confirming.stream().map(FunctionDefinition::name).toList());
    assertEquals(
        Set.of("PostConfirmation", "PostAuthentication"), confirming.getFirst().triggers());
    assertTrue(confirming.getFirst().timeout().compareTo(Duration.ofSeconds(5)) < 0);
    assertTrue(
        functions.stream().allMatch(function -> function.code().endsWith("target/function.jar")));

    assertTrue(
        functions.stream()
            .allMatch(
                function -> function.isQualifiedBy("live") && !function.isQualifiedBy("dead")));

    var routes = functions.stream().flatMap(function -> function.routes().stream()).toList();
    var create =
        routes.stream().filter(route -> route.key().equals("POST /api/activities")).findFirst();
    assertTrue(
        create.orElseThrow().authorization() instanceof Authorization.Jwt(var name, _)
            && template
                .httpApi()
                .audiences()
                .getOrDefault(name, List.of())
                .equals(List.of("local")));
    assertEquals(
        Optional.of(new Authorization.Open()),
        routes.stream()
            .filter(route -> route.key().equals("GET /api/activities/home"))
            .map(Route::authorization)
            .findFirst());
    assertEquals(
        List.of("http://127.0.0.1:3000"), template.httpApi().cors().orElseThrow().origins());
  }

  @Test
  void putsTheHeadersOfCloudFrontOnThePage() throws Exception {
    var headers = Template.read(Path.of("../template.yaml")).pageHeaders();
    var policy = headers.getOrDefault("content-security-policy", "");
    assertTrue(policy.startsWith("default-src 'none'; script-src 'self'"), policy);
    assertTrue(policy.contains("connect-src 'self';"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertFalse(policy.contains("amazoncognito"), policy);
    assertEquals("nosniff", headers.get("x-content-type-options"));
    assertEquals("DENY", headers.get("x-frame-options"));
    assertEquals("no-referrer", headers.get("referrer-policy"));
    var without = Files.writeString(folder.resolve("template.yaml"), "Resources: {}");
    assertEquals(Map.of(), Template.read(without).pageHeaders());
  }

  @Test
  void mergesGlobalsAsSamDoes() throws Exception {
    var function =
        function(
            """
            Globals:
              Function:
                Timeout: 7
                MemorySize: 512
                LoggingConfig: {LogFormat: JSON}
                Environment: {Variables: {A: global, B: global}}
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties:
                  CodeUri: f/function.jar
                  Handler: f.Handler
                  MemorySize: 256
                  LoggingConfig: {ApplicationLogLevel: DEBUG}
                  Environment: {Variables: {B: own, C: own}}
            """);
    assertEquals(Duration.ofSeconds(7), function.timeout());
    assertEquals(256, function.memoryMebibytes());
    assertEquals("JSON", function.logFormat());
    assertEquals("DEBUG", function.logLevel());
    assertEquals(Map.of("A", "global", "B", "own", "C", "own"), function.variables());
    assertEquals(folder.resolve("f/function.jar").toAbsolutePath(), function.code());
  }

  @Test
  void resolvesWhatOnlyAwsKnowsToReadableNames() throws Exception {
    assertEquals(
        Map.ofEntries(
            Map.entry("DEFAULT", "five"),
            Map.entry("REGION", "us-east-1"),
            Map.entry("SUB", "five of Table.Arn in us-east-1, ${kept}, here"),
            Map.entry("JOIN", "a-b"),
            Map.entry("LONG", "a/five"),
            Map.entry("IF", "no"),
            Map.entry("SELECT", "y"),
            Map.entry("MAPPED", "small"),
            Map.entry("POOL", "us-east-1_local"),
            Map.entry("CLIENT", "local"),
            Map.entry("ATTRIBUTE", "Table.Arn"),
            Map.entry("UNKNOWN", "thing"),
            Map.entry("UNSET", "Unset"),
            Map.entry("IMPORTED", "five-export")),
        function(
                """
                Parameters:
                  Name: {Type: String, Default: five}
                  Unset: {Type: String}
                  List: {Type: CommaDelimitedList, Default: "x, y"}
                Mappings: {Sizes: {us-east-1: {Size: small}}}
                Conditions:
                  Six: !Equals [!Ref Name, six]
                  Seven: !And [!Not [!Condition Six], !Equals [a, b]]
                Resources:
                  Table: {Type: AWS::DynamoDB::Table}
                  Pool: {Type: AWS::Cognito::UserPool}
                  Client: {Type: AWS::Cognito::UserPoolClient}
                  F:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: f.Handler
                      Policies: [!Nonsense {a: !Odder [b]}]
                      Environment:
                        Variables:
                          DEFAULT: !Ref Name
                          REGION: !Ref AWS::Region
                          SUB: !Sub ["${Name} of ${Table.Arn} in ${AWS::Region}, ${!kept}, ${Own}", {Own: here}]
                          JOIN: !Join ["-", [a, b]]
                          LONG: {"Fn::Join": ["/", [a, {Ref: Name}]]}
                          IF: !If [Seven, "yes", "no"]
                          SELECT: !Select [1, !Ref List]
                          MAPPED: !FindInMap [Sizes, !Ref AWS::Region, Size]
                          POOL: !Ref Pool
                          CLIENT: !Ref Client
                          ATTRIBUTE: !GetAtt Table.Arn
                          UNKNOWN: !Mystery thing
                          UNSET: !Ref Unset
                          IMPORTED: !ImportValue {"Fn::Sub": "${Name}-export"}
                          NOTHING: !Ref AWS::NoValue
                """)
            .variables());
  }

  @Test
  void findsTheMigratorAndRunsWhatIsInJava() throws Exception {
    var template =
        template(
            """
            Globals:
              Function: {Runtime: java25, Timeout: 7, Environment: {Variables: {SCHEMA: !GetAtt M.Schema}}}
            Resources:
              Trigger: {Type: AWS::Serverless::Function, IgnoreGlobals: "*", Properties: {Runtime: python3.14}}
              Migrate:
                Type: AWS::Serverless::Function
                IgnoreGlobals: [Environment]
                Properties: {Handler: m.Migrate}
              Served: {Type: AWS::Serverless::Function, Properties: {Handler: s.Served}}
              M: {Type: "Custom::Migration", Properties: {Migrator: !Ref Migrate.Version}}
            """);
    assertEquals(Optional.of("Migrate"), template.migrator());
    var functions = template.functions();
    assertEquals(
        List.of("Migrate", "Served"), functions.stream().map(FunctionDefinition::name).toList());
    assertEquals(Map.of(), functions.getFirst().variables());
    assertEquals(Duration.ofSeconds(7), functions.getFirst().timeout());
    assertEquals(Map.of("SCHEMA", "M.Schema"), functions.getLast().variables());
    assertEquals(
        Optional.of("MigrateFunction"), Template.read(Path.of("..", "template.yaml")).migrator());
  }

  @Test
  void leavesOutResourcesWhoseConditionDoesNotHold() throws Exception {
    var template =
        template(
            """
            Conditions: {Never: !Equals [a, b]}
            Resources:
              F: {Type: AWS::Serverless::Function, Condition: Never}
            """);
    assertEquals(List.of(), template.functions());
    assertEquals(Optional.empty(), template.httpApi().cors());
  }

  @Test
  void givesRoutesTheirAuthorization() throws Exception {
    var function =
        function(
            """
            Globals: {HttpApi: {Auth: {DefaultAuthorizer: Pool}}}
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: f.Handler
                  Events:
                    A: {Type: HttpApi, Properties: {Method: get, Path: /a}}
                    B: {Type: HttpApi, Properties: {Method: any, Path: /b, Auth: {Authorizer: NONE}}}
                    C: {Type: HttpApi, Properties: {Method: PUT, Path: /c, Auth: {Authorizer: AWS_IAM}}}
                    D: {Type: HttpApi, Properties: {Auth: {AuthorizationScopes: [s]}}}
                    E: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 hour)}}
            """);
    assertEquals(
        List.of(
            new Route("GET /a", new Authorization.Jwt("Pool", List.of()), "F"),
            new Route("ANY /b", new Authorization.Open(), "F"),
            new Route("PUT /c", new Authorization.Iam(), "F"),
            new Route("$default", new Authorization.Jwt("Pool", List.of("s")), "F")),
        function.routes());
  }

  @Test
  void readsSchedules() throws Exception {
    var function =
        function(
            """
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: f.Handler
                  Events:
                    A: {Type: Schedule, Properties: {Schedule: rate(1 minute)}}
                    B: {Type: Schedule, Properties: {Schedule: rate(14 days), Name: b, Description: b}}
            """);
    assertEquals(
        List.of(
            new Schedule("F", "A", Duration.ofMinutes(1)),
            new Schedule("F", "B", Duration.ofDays(14))),
        function.schedules());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Schedule: cron(0 10 * * ? *)",
        "Schedule: rate(1 minutes)",
        "Schedule: rate(5 minute)",
        "Schedule: rate(0 minutes)",
        "Schedule: rate(5 seconds)",
        "Schedule: rate(5 minutes), Input: '{}'",
        "Schedule: rate(5 minutes), Enabled: false",
        "Description: nothing"
      })
  void namesAScheduleThatItCannotRun(String properties) throws Exception {
    var template =
        template(
            """
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties: {Handler: f.Handler, Events: {Tick: {Type: Schedule, Properties: {%s}}}}
            """
                .formatted(properties));
    var failure = assertThrows(IllegalArgumentException.class, template::functions);
    var text = failure.toString();
    assertTrue(text.contains("F: bin/local cannot run the schedule Tick"), text);
  }

  @Test
  void takesAShortFormOfCors() throws Exception {
    var template =
        template(
            """
            Resources:
              Api: {Type: AWS::Serverless::HttpApi, Properties: {CorsConfiguration: true}}
            """);
    assertEquals(List.of("*"), template.httpApi().cors().orElseThrow().origins());
  }

  private FunctionDefinition function(String text) throws Exception {
    return template(text).functions().getFirst();
  }

  private Template template(String text) throws Exception {
    return Template.read(Files.writeString(folder.resolve("template.yaml"), text));
  }
}
