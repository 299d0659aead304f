package cruddur.local.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
  /** A template with each emulated form and nothing else. */
  private static final String EMULATED =
      """
      Transform: AWS::Serverless-2016-10-31
      Parameters:
        Name: {Type: String, Default: five}
      Conditions:
        Six: !Equals [!Ref Name, six]
        Seven: !And [!Not [!Condition Six], !Equals [a, a]]
      Globals:
        Function: {Runtime: java25, Timeout: 7}
      Resources:
        Pool: {Type: AWS::Cognito::UserPool}
        Api:
          Type: AWS::Serverless::HttpApi
          Properties:
            DefinitionBody: {paths: {}}
            CorsConfiguration: {AllowOrigins: [http://page.example], MaxAge: 600}
            Auth:
              EnableIamAuthorizer: true
              Authorizers:
                Tokens:
                  IdentitySource: $request.header.Authorization
                  JwtConfiguration: {issuer: https://pool.example, audience: [local]}
        F:
          Type: AWS::Serverless::Function
          Condition: Seven
          Properties:
            CodeUri: f.jar
            Handler: f.Handler
            LoggingConfig: {LogFormat: JSON}
            Environment: {Variables: {A: !Ref Name}}
            Events:
              Read:
                Type: HttpApi
                Properties: {ApiId: !Ref Api, Method: GET, Path: "/a/{id}", Auth: {Authorizer: Tokens}}
              Tick: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}
              Confirmed: {Type: Cognito, Properties: {UserPool: !Ref Pool, Trigger: PostConfirmation}}
        Migration: {Type: Custom::Migration, Properties: {Migrator: !Ref F.Version}}
        Headers:
          Type: AWS::CloudFront::ResponseHeadersPolicy
          Properties:
            ResponseHeadersPolicyConfig: {SecurityHeadersConfig: {FrameOptions: {FrameOption: DENY}}}
      """;

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
        create.orElseThrow().authorization() instanceof Authorization.Jwt(var name)
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
    assertEquals(List.of("http://127.0.0.1:3000"), template.httpApi().cors().origins());
    assertEquals("MigrateFunction", template.migrator());
  }

  @Test
  void putsTheHeadersOfCloudFrontOnThePage() {
    var headers = Template.read(Path.of("../template.yaml")).pageHeaders();
    var policy = headers.getOrDefault("content-security-policy", "");
    assertTrue(policy.startsWith("default-src 'none'; script-src 'self'"), policy);
    assertTrue(policy.contains("connect-src 'self';"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertFalse(policy.contains("amazoncognito"), policy);
    assertEquals("nosniff", headers.get("x-content-type-options"));
    assertEquals("DENY", headers.get("x-frame-options"));
    assertEquals("no-referrer", headers.get("referrer-policy"));
  }

  @Test
  void runsWhatIsEmulated() throws Exception {
    var template = template(EMULATED);
    var function = template.functions().getFirst();
    assertEquals(
        List.of(new Route("GET", "/a/{id}", new Authorization.Jwt("Tokens"), "F")),
        template.httpApi().routes());
    assertEquals(List.of(new Schedule("F", "Tick", Duration.ofHours(1))), function.schedules());
    assertEquals(Set.of("PostConfirmation"), function.triggers());
    assertEquals(Map.of("A", "five"), function.variables());
    assertEquals(Map.of("x-frame-options", "DENY"), template.pageHeaders());
    assertEquals("F", template.migrator());
  }

  /** Each is a change of a template that would run. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          A: !Ref Name | A: !Transform x | Fn::Transform is not emulated
          A: !Ref Name | A: !FindInMap [M, a, b] | Fn::FindInMap is not emulated
          A: !Ref Name | A: !Join ["-", [a]] | Fn::Join is not emulated
          A: !Ref Name | A: !ImportValue x | Fn::ImportValue is not emulated
          A: !Ref Name | A: !GetAZs x | Fn::GetAZs is not emulated
          A: !Ref Name | A: {a: {"Fn::ForEach::X": [], b: c}} | Fn::ForEach::X beside other members is not emulated
          A: !Ref Name | A: !GetAtt [Pool, Arn] | Fn::GetAtt with a list is not emulated
          A: !Ref Name | A: !Sub "${!Name}" | Fn::Sub with ${!Name} is not emulated
          A: !Ref Name | A: !Ref AWS::NotificationARNs | AWS::NotificationARNs is not emulated
          A: !Ref Name | A: !Ref Absent | Absent is neither a parameter nor a resource
          A: !Ref Name | A: !Sub "a ${Absent}" | Absent is neither a parameter nor a resource
          A: !Ref Name | A: !Sub "a ${Absent.Arn}" | Absent is neither a parameter nor a resource
          A: !Ref Name | A: !GetAtt Absent.Arn | Absent is neither a parameter nor a resource
          A: !Ref Name | A: !If [Never, a, b] | Never is no condition
          A: !Ref Name | A: !Select [1, !Split [/, a]] | Fn::Select finds no item 1 in ["a"]
          Type: String, Default: five | Type: CommaDelimitedList, Default: five | the type CommaDelimitedList of the parameter Name is not emulated
          Type: String, Default: five | Type: String | the parameter Name has no default
          !And [!Not [!Condition Six], !Equals [a, a]] | !Or [!Condition Six, !Condition Six] | the condition Fn::Or is not emulated
          !And [!Not [!Condition Six], !Equals [a, a]] | true | the condition "true" is not emulated
          !Not [!Condition Six] | !Not [!Condition Eight] | Eight is no condition
          Transform: AWS::Serverless-2016-10-31 | Transform: [AWS::LanguageExtensions] | Transform: ["AWS::LanguageExtensions"] is not emulated
          Globals: | `Globals: {HttpApi: {}}\nOther:` | Globals.HttpApi is not emulated
          Pool: {Type: AWS::Cognito::UserPool} | Pool: {Type: AWS::Serverless::Api} | Resources.Pool.Type: AWS::Serverless::Api is not emulated
          Pool: {Type: AWS::Cognito::UserPool} | Pool: {Type: AWS::SQS::Queue} | F.Events.Confirmed.UserPool: Pool is not emulated
          Pool: {Type: AWS::Cognito::UserPool} | Pool: {Type: AWS::Serverless::HttpApi} | a template with 2 resources of type AWS::Serverless::HttpApi is not emulated
          DefinitionBody: {paths: {}} | DefinitionBody: {paths: {/a: {}}} | Api.DefinitionBody.paths./a is not emulated
          DefinitionBody: {paths: {}} | Domain: {} | Api.Domain is not emulated
          CorsConfiguration: {AllowOrigins: [http://page.example], MaxAge: 600} | CorsConfiguration: true | Api.CorsConfiguration is not a map
          MaxAge: 600 | AllowCredentials: true | Api.CorsConfiguration.AllowCredentials is not emulated
          MaxAge: 600 | ExposeHeaders: [] | Api.CorsConfiguration.MaxAge is missing
          AllowOrigins: [http://page.example] | AllowOrigins: [https://*] | Api.CorsConfiguration.AllowOrigins: https://* is not emulated
          AllowOrigins: [http://page.example] | AllowMethods: ["*"] | Api.CorsConfiguration.AllowMethods: * is not emulated
          EnableIamAuthorizer: true | DefaultAuthorizer: Tokens | Api.Auth.DefaultAuthorizer is not emulated
          IdentitySource: $request.header.Authorization | IdentitySource: $request.querystring.token | Api.Auth.Authorizers.Tokens.IdentitySource: $request.querystring.token is not emulated
          IdentitySource: $request.header.Authorization | AuthorizationScopes: [email] | Api.Auth.Authorizers.Tokens.AuthorizationScopes is not emulated
          issuer: https://pool.example | other: x | Api.Auth.Authorizers.Tokens.JwtConfiguration.other is not emulated
          CodeUri: f.jar | CodeUri: {Bucket: b, Key: k} | F.CodeUri: {"Bucket":"b","Key":"k"} is not emulated
          CodeUri: f.jar | Layers: [] | F.Layers is not emulated
          CodeUri: f.jar | Description: none | F.CodeUri is missing
          Handler: f.Handler | Runtime: java21 | F.Runtime: java21 is not emulated
          Handler: f.Handler | Runtime: python3.14 | F.Runtime: python3.14 is not emulated
          Timeout: 7 | Timeout: soon | F.Timeout: soon is not a number
          LogFormat: JSON | LogStream: x | F.LoggingConfig.LogStream is not emulated
          Environment: {Variables | Environment: {Other: {}, Variables | F.Environment.Other is not emulated
          Type: HttpApi | Type: SQS | F.Events.Read.Type: SQS is not emulated
          Type: HttpApi | Type: ScheduleV2 | F.Events.Read.Type: ScheduleV2 is not emulated
          ApiId: !Ref Api, | `` | F.Events.Read.ApiId is missing
          ApiId: !Ref Api, | ApiId: !Ref Pool, | F.Events.Read.ApiId: us-east-1_local is not emulated
          ApiId: !Ref Api, | ApiId: !Ref Api, PayloadFormatVersion: 1.0, | F.Events.Read.PayloadFormatVersion is not emulated
          Method: GET, | `` | F.Events.Read.Method is missing
          Method: GET | Method: ANY | F.Events.Read.Method: ANY is not emulated
          Method: GET | Method: get | F.Events.Read.Method: get is not emulated
          Path: "/a/{id}", | `` | F.Events.Read.Path is missing
          Path: "/a/{id}" | Path: $default | F.Events.Read.Path: $default is not emulated
          Path: "/a/{id}" | Path: "/{proxy+}" | F.Events.Read.Path: /{proxy+} is not emulated
          Path: "/a/{id}" | Path: "/a-{id}" | F.Events.Read.Path: /a-{id} is not emulated
          Authorizer: Tokens | Authorizer: NONE | F.Events.Read.Auth.Authorizer: NONE is not emulated
          Authorizer: Tokens | Authorizer: Absent | F.Events.Read.Auth.Authorizer: Absent is not emulated
          Authorizer: Tokens | AuthorizationScopes: [email] | F.Events.Read.Auth.AuthorizationScopes is not emulated
          rate(1 hour) | cron(0 10 * * ? *) | F.Events.Tick.Schedule: cron(0 10 * * ? *) is not emulated
          rate(1 hour) | rate(1 hours) | F.Events.Tick.Schedule: rate(1 hours) is not emulated
          rate(1 hour) | rate(5 minute) | F.Events.Tick.Schedule: rate(5 minute) is not emulated
          rate(1 hour) | rate(0 minutes) | F.Events.Tick.Schedule: rate(0 minutes) is not emulated
          rate(1 hour) | rate(5 seconds) | F.Events.Tick.Schedule: rate(5 seconds) is not emulated
          Schedule: rate(1 hour) | Schedule: rate(1 hour), Input: "{}" | F.Events.Tick.Input is not emulated
          Schedule: rate(1 hour) | Schedule: rate(1 hour), Enabled: false | F.Events.Tick.Enabled is not emulated
          Properties: {Schedule: rate(1 hour)} | Properties: {} | F.Events.Tick.Schedule is missing
          Trigger: PostConfirmation | Trigger: [PostConfirmation, PreSignUp] | F.Events.Confirmed.Trigger: PreSignUp is not emulated
          Migrator: !Ref F.Version | Migrator: !Ref G.Version | Migration.Migrator is no function's version
          Type: Custom::Migration | Type: Custom::Other | a template with 0 resources of type Custom::Migration is not emulated
          SecurityHeadersConfig | CustomHeadersConfig | Headers.ResponseHeadersPolicyConfig.CustomHeadersConfig is not emulated
          FrameOptions: {FrameOption: DENY} | XSSProtection: {} | Headers.ResponseHeadersPolicyConfig.SecurityHeadersConfig.XSSProtection is not emulated
          """)
  void namesWhatIsNotEmulated(String emulated, String other, String failure) {
    assertFailure(failure, emulated, other);
  }

  /** Each is a change of a template that would run. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Function: {Runtime: java25, Timeout: 7} | Function: java25 | Globals.Function is not a map
          Pool: {Type: AWS::Cognito::UserPool} | Pool: none | Resources.Pool is not a map
          EnableIamAuthorizer: true\\n        Authorizers: | Authorizers: none\\n        EnableIamAuthorizer: | Api.Auth.Authorizers is not a map
          Events: | Events: []\\n      Description: | F.Events is not a map
          {Variables: {A: !Ref Name}} | {Variables: A} | F.Environment.Variables is not a map
          {Variables: {A: !Ref Name}} | {Variables: [A]} | F.Environment.Variables is not a map
          FrameOptions: {FrameOption: DENY} | FrameOptions: DENY | Headers.ResponseHeadersPolicyConfig.SecurityHeadersConfig.FrameOptions is not a map
          AllowOrigins: [http://page.example] | AllowOrigins: {a: b} | Api.CorsConfiguration.AllowOrigins: {"a":"b"} is not emulated
          AllowOrigins: [http://page.example] | AllowOrigins: [[a]] | Api.CorsConfiguration.AllowOrigins: ["a"] is not emulated
          A: !Ref Name | A: !Ref [Name] | ["Name"] is not valid for Ref
          A: !Ref Name | A: !Sub [a] | ["a"] is not valid for Fn::Sub
          A: !Ref Name | A: !Sub [a, b] | ["a","b"] is not valid for Fn::Sub
          A: !Ref Name | A: !Sub [[a], {}] | ["a"] is not valid for Fn::Sub
          A: !Ref Name | A: !Sub {a: b} | {"a":"b"} is not valid for Fn::Sub
          A: !Ref Name | A: !If [Seven, a] | ["Seven","a"] is not valid for Fn::If
          A: !Ref Name | A: !If [Seven, a, b, c] | ["Seven","a","b","c"] is not valid for Fn::If
          A: !Ref Name | A: !If [[Seven], a, b] | ["Seven"] is not valid for Fn::If
          A: !Ref Name | A: !Select [0, [a], b] | ["0",["a"],"b"] is not valid for Fn::Select
          A: !Ref Name | A: !Select [x, [a]] | Fn::Select finds no item x in ["a"]
          A: !Ref Name | A: !Select [0, !Split [a]] | ["a"] is not valid for Fn::Split
          A: !Ref Name | A: !Select [0, !Split [[a], b]] | ["a"] is not valid for Fn::Split
          !Equals [a, a] | !Equals [a] | ["a"] is not valid for Fn::Equals
          !Equals [a, a] | !Equals [a, a, b] | ["a","a","b"] is not valid for Fn::Equals
          !Not [!Condition Six] | !Not [!Condition Six, !Condition Six] | [{"Condition":"Six"},{"Condition":"Six"}] is not valid for Fn::Not
          !Not [!Condition Six] | !Not [Condition: [Six]] | ["Six"] is not valid for Condition
          !And [!Not [!Condition Six], !Equals [a, a]] | !And [!Equals [a, a]] | [{"Fn::Equals":["a","a"]}] is not valid for Fn::And
          Timeout: 7 | Timeout: 7, Timeout: 8 | Timeout is there twice, again in line 8
          CodeUri: f.jar | CodeUri: f.jar\\n      CodeUri: g.jar | CodeUri is there twice, again in line 27
          """)
  void namesWhatIsMalformed(String valid, String malformed, String failure) {
    assertFailure(failure, valid, malformed);
  }

  private void assertFailure(String failure, String valid, String other) {
    var text = EMULATED.replace(valid.replace("\\n", "\n"), other.replace("\\n", "\n"));
    assertNotEquals(EMULATED, text);
    var refusal = assertThrows(TemplateException.class, () -> readAll(text));
    assertEquals("template.yaml: " + failure, refusal.getMessage());
  }

  private void readAll(String text) throws Exception {
    var template = template(text);
    template.httpApi();
    template.migrator();
    template.pageHeaders();
  }

  @Test
  void mergesGlobalsAsSamDoes() throws Exception {
    var function =
        template(
                """
                Globals:
                  Function:
                    Runtime: java25
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
                """)
            .functions()
            .getFirst();
    assertEquals(Duration.ofSeconds(7), function.timeout());
    assertEquals(256, function.memoryMebibytes());
    assertEquals("JSON", function.logFormat());
    assertEquals("DEBUG", function.logLevel());
    assertEquals(Map.of("A", "global", "B", "own", "C", "own"), function.variables());
    assertEquals(folder.resolve("f/function.jar").toAbsolutePath(), function.code());
  }

  @Test
  void resolvesFunctionsToReadableValues() throws Exception {
    var variables =
        """
        Variables:
                  DEFAULT: !Ref Name
                  REGION: !Ref AWS::Region
                  SUB: !Sub ["${Name} of ${Api.Arn} in ${AWS::Region}, ${Own}", {Own: here}]
                  LONG: {"Fn::Sub": "${Name}"}
                  IF: !If [Seven, "yes", "no"]
                  SELECT: !Select [4, !Split ["-", !Select [2, !Split [/, !Ref AWS::StackId]]]]
                  POOL: !Ref Pool
                  ATTRIBUTE: !GetAtt Api.Arn
                  NOTHING: !Ref AWS::NoValue
        """;
    assertEquals(
        Map.of(
            "DEFAULT", "five",
            "REGION", "us-east-1",
            "SUB", "five of Api.Arn in us-east-1, here",
            "LONG", "five",
            "IF", "yes",
            "SELECT", "000000000000",
            "POOL", "us-east-1_local",
            "ATTRIBUTE", "Api.Arn"),
        template(EMULATED.replace("{Variables: {A: !Ref Name}}", "\n        " + variables))
            .functions()
            .getFirst()
            .variables());
  }

  @Test
  void runsWhatIsInJava() throws Exception {
    var functions =
        template(
                """
                Globals:
                  Function: {Runtime: java25, CodeUri: f.jar, Timeout: 7, Environment: {Variables: {A: a}}}
                Resources:
                  Trigger: {Type: AWS::Serverless::Function, IgnoreGlobals: "*", Properties: {Runtime: python3.14}}
                  Migrate:
                    Type: AWS::Serverless::Function
                    IgnoreGlobals: [Environment]
                    Properties: {Handler: m.Migrate}
                  Served: {Type: AWS::Serverless::Function, Properties: {Handler: s.Served}}
                """)
            .functions();
    assertEquals(
        List.of("Migrate", "Served"), functions.stream().map(FunctionDefinition::name).toList());
    assertEquals(Map.of(), functions.getFirst().variables());
    assertEquals(Duration.ofSeconds(7), functions.getFirst().timeout());
    assertEquals(Map.of("A", "a"), functions.getLast().variables());
  }

  @Test
  void leavesOutResourcesWhoseConditionIsFalse() throws Exception {
    var template = template(EMULATED.replace("Condition: Seven", "Condition: Six"));
    assertEquals(List.of(), template.functions());
    assertEquals(List.of(), template.httpApi().routes());
  }

  @ParameterizedTest
  @CsvSource({"rate(1 minute), PT1M", "rate(5 minutes), PT5M", "rate(14 days), P14D"})
  void readsSchedules(String expression, Duration interval) throws Exception {
    var function = template(EMULATED.replace("rate(1 hour)", expression)).functions().getFirst();
    assertEquals(List.of(new Schedule("F", "Tick", interval)), function.schedules());
  }

  @Test
  void givesRoutesTheirAuthorization() throws Exception {
    var iam = template(EMULATED.replace("Authorizer: Tokens", "Authorizer: AWS_IAM"));
    assertEquals(
        List.of(new Route("GET", "/a/{id}", new Authorization.Iam(), "F")), iam.httpApi().routes());
    var open = template(EMULATED.replace(", Auth: {Authorizer: Tokens}", ""));
    assertEquals(
        List.of(new Route("GET", "/a/{id}", new Authorization.Open(), "F")),
        open.httpApi().routes());
  }

  private Template template(String text) throws Exception {
    return Template.read(Files.writeString(folder.resolve("template.yaml"), text));
  }
}
