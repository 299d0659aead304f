package cruddur.local.bundle;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import cruddur.local.BundleFixture;
import cruddur.local.bundle.Alarm.State;
import cruddur.local.lambda.Schedules;
import cruddur.local.template.Template;
import cruddur.local.template.TemplateYaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The template's alarms and dashboard, with the metrics that the packaged functions write. Without
 * a fault, each alarm is OK. Each fault raises its alarm and no other.
 */
class AlarmsTest {
  private static final JsonNode TEMPLATE =
      TemplateYaml.read(BundleFixture.ROOT.resolve("template.yaml"));
  private static final Map<String, Alarm> ALARMS = Alarm.of(TEMPLATE);

  private static final String CONFIRM = "PostConfirmationFunction";
  private static final String CREATE = "CreateActivityFunction";
  private static final String HOME = "HomeActivitiesFunction";
  private static final String SWEEP = "SweepActivitiesFunction";
  private static final String UPDATER = "SecurityGroupUpdaterFunction";

  /** Each function's role in the database. */
  private static final Map<String, String> ROLES =
      Map.of(
          CONFIRM, "cruddur_users",
          CREATE, "cruddur_activities",
          HOME, "cruddur_feed",
          SWEEP, "cruddur_sweeper",
          UPDATER, "cruddur_ingress");

  /** Metrics of AWS's own that the template names. */
  private static final List<Service> SERVICES =
      List.of(
          // AWS Lambda Developer Guide, "Types of metrics for Lambda functions": the dimension
          // FunctionName alone stands for all versions and aliases.
          new Service(
              "AWS/Lambda",
              "FunctionName",
              "AWS::Serverless::Function",
              Set.of("Errors", "Throttles")),
          // Amazon API Gateway Developer Guide, "Monitor CloudWatch metrics for HTTP APIs".
          new Service(
              "AWS/ApiGateway",
              "ApiId",
              "AWS::Serverless::HttpApi",
              Set.of("4xx", "5xx", "Count", "Latency")),
          // Amazon RDS User Guide, "Amazon CloudWatch instance-level metrics for Amazon RDS".
          new Service(
              "AWS/RDS",
              "DBInstanceIdentifier",
              "AWS::RDS::DBInstance",
              Set.of("CPUUtilization", "DatabaseConnections", "FreeStorageSpace")));

  private static final Metric ERRORS = aws("AWS/Lambda", "Errors", CONFIRM);
  private static final Metric THROTTLES = aws("AWS/Lambda", "Throttles", CONFIRM);
  private static final Metric SERVER_ERRORS = aws("AWS/ApiGateway", "5xx", "HttpApi");
  private static final Metric FREE_STORAGE = aws("AWS/RDS", "FreeStorageSpace", "Database");
  private static final Metric PROCESSOR = aws("AWS/RDS", "CPUUtilization", "Database");
  private static final Metric CONNECTIONS = aws("AWS/RDS", "DatabaseConnections", "Database");

  /** A request that is invalid for each function behind the HTTP API. */
  private static final String INVALID =
      """
      {"queryStringParameters": {"limit": "0"}, "requestContext": {"http": {}}}
      """;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** At this age, CloudWatch has the data of a fault. */
  private static final Duration FAULT_AGE = Duration.ofMinutes(3);

  /** Less than the period of UpdaterAlarm, so that each period has a late call. */
  private static final Duration LATE = Duration.ofMinutes(14);

  /** A time longer than any alarm's periods. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private static final double GIBIBYTE = 1024 * 1024 * 1024;

  private static BundleFixture bundle;
  private static Datapoints healthy;
  private static String healed;
  private static String lateSweep;
  private static String lateUpdater;
  private static final Map<String, String> REFUSED = new TreeMap<>();

  /**
   * A service that sends metrics to CloudWatch.
   *
   * @param dimension of its metrics
   * @param type of the resources whose ids are the dimension's values
   */
  private record Service(String namespace, String dimension, String type, Set<String> names) {
    boolean has(Metric metric) {
      var id = metric.dimensions().getOrDefault(dimension, "");
      return metric.namespace().equals(namespace)
          && metric.dimensions().size() == 1
          && names.contains(metric.name())
          && TEMPLATE.path("Resources").path(id).path("Type").asText().equals(type);
    }
  }

  /** A fault, its data and its alarm. */
  record AlarmCase(String alarm, String name, Datapoints datapoints) {
    @Override
    public String toString() {
      return alarm + ": " + name;
    }
  }

  private static Metric aws(String namespace, String name, String id) {
    return SERVICES.stream()
        .filter(service -> service.namespace().equals(namespace))
        .map(service -> new Metric(namespace, name, Map.of(service.dimension(), id)))
        .findFirst()
        .orElseThrow();
  }

  @BeforeAll
  static void callTheFunctions() throws Exception {
    bundle = BundleFixture.running();
    logOf(CONFIRM, sample("post-confirmation", "c2"));
    healed = healed();
    logOf(CREATE, sample("create-activity", "c2"));
    for (var function : List.of(CREATE, HOME, UPDATER)) {
      logOf(function, INVALID);
    }
    // Removes the activity of the sample, which expired long ago.
    logOf(SWEEP, "{}");
    healthy = ofAws().and(scheduled());
    lateSweep = lateSweep();
    for (var function : ROLES.keySet()) {
      REFUSED.put(function, refused(function));
    }
    // Its refused call also swept a rule that was two hours late.
    lateUpdater = REFUSED.getOrDefault(UPDATER, "");
  }

  /** A sample with a user of this test's own. */
  private static String sample(String name, String user) throws IOException {
    return Files.readString(BundleFixture.ROOT.resolve("events/" + name + ".json"))
        .replace("7c1f5b0e-4d0b-4f6c-9a35-0f5a6b1c2d3e", "alarms-" + user)
        .replace("delenn", "alarms-" + user);
  }

  private static String logOf(String function, String event) throws Exception {
    var before = bundle.log().length();
    bundle.invoke(function, event.getBytes(StandardCharsets.UTF_8));
    return bundle.log().substring(before);
  }

  /** AWS's own metrics without a fault. */
  private static Datapoints ofAws() {
    return every(ERRORS, 0)
        .and(every(THROTTLES, 0))
        .and(every(SERVER_ERRORS, 0))
        .and(every(FREE_STORAGE, 10 * GIBIBYTE))
        .and(every(PROCESSOR, 25))
        .and(every(CONNECTIONS, 5));
  }

  private static Datapoints every(Metric metric, double value) {
    return Datapoints.of(metric, Duration.ZERO, value).every(MINUTE, Duration.ofHours(1));
  }

  /** The metrics of each schedule's calls, at the schedule's rate and just before the next call. */
  private static Datapoints scheduled() throws Exception {
    var all = Datapoints.none();
    for (var function : Template.read(BundleFixture.ROOT.resolve("template.yaml")).functions()) {
      for (var schedule : function.schedules()) {
        var event = Schedules.event(schedule, Instant.now());
        var log = logOf(function.name(), new String(event, StandardCharsets.UTF_8));
        all = all.and(Datapoints.ofLog(log, Duration.ZERO).every(schedule.interval(), LONGEST));
      }
    }
    return all;
  }

  /**
   * The log of a sign-in that writes a missing row. On a busy machine it can exceed its two
   * seconds, so it is repeated.
   */
  private static String healed() throws Exception {
    var log = "";
    for (var user = 10; user < 20 && !log.contains("Healed"); user++) {
      log = logOf(CONFIRM, sample("post-authentication", "c" + user));
    }
    return log;
  }

  private static String lateSweep() throws Exception {
    bundle.execute(
        """
        insert into activities (user_uuid, message, created_at, expires_at)
        select uuid, 'late', now() - interval '30 hours', now() - interval '27 hours' from users limit 1
        """);
    return logOf(SWEEP, "{}");
  }

  /** The log of a function whose sign-in the database refuses. */
  private static String refused(String function) throws Exception {
    // For the updater's call.
    bundle.ec2().addExpired();
    var role = requireNonNull(ROLES.get(function));
    bundle.execute("alter role " + role + " nologin");
    try {
      endSessions(role);
      return logOf(function, event(function));
    } finally {
      bundle.execute("alter role " + role + " login");
    }
  }

  private static void endSessions(String role) throws SQLException {
    bundle.execute(
        "select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = '%s'"
            .formatted(role));
  }

  private static String event(String function) throws IOException {
    return switch (function) {
      case CONFIRM -> sample("post-confirmation", "c3");
      case CREATE -> sample("create-activity", "c2");
      case HOME -> sample("home-activities", "c2");
      case SWEEP -> sample("sweep-activities", "c2");
      default -> sample("security-group-updater-schedule", "c2");
    };
  }

  @Test
  void everyAlarmIsOkWhenAllIsWell() {
    assertEquals(states(_ -> State.OK), states(healthy));
  }

  @Test
  void aLateCallRaisesNoAlarmIfTheNextOneIsInTime() {
    var late =
        Stream.of(lateSweep, lateUpdater)
            .map(log -> Datapoints.ofLog(log, Duration.ZERO).every(LATE, LONGEST))
            .reduce(healthy, Datapoints::and)
            .without(metric -> metric.name().equals("SignInRefused"));
    assertEquals(states(_ -> State.OK), states(late));
  }

  @Test
  void onlyWhatMustBeThereRaisesAnAlarmByItsAbsence() {
    var absent = Set.of("CanaryAlarm", "SweepAlarm", "UpdaterAlarm");
    assertEquals(
        states(
            name ->
                name.startsWith("Database")
                    ? State.INSUFFICIENT_DATA
                    : absent.contains(name) ? State.ALARM : State.OK),
        states(Datapoints.none()));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void eachFaultRaisesItsAlarmAndNoOther(AlarmCase fault) {
    assertEquals(
        states(name -> name.equals(fault.alarm()) ? State.ALARM : State.OK),
        states(fault.datapoints()));
  }

  @Test
  void everyAlarmHasAFault() {
    assertEquals(ALARMS.keySet(), faults().map(AlarmCase::alarm).collect(Collectors.toSet()));
  }

  static Stream<AlarmCase> faults() {
    return Stream.of(
            Stream.of(
                new AlarmCase("SignUpAlarm", "failed", with(ERRORS, 1)),
                new AlarmCase("SignUpAlarm", "throttled", with(THROTTLES, 1)),
                new AlarmCase("SignUpAlarm", "lost", with(healed)),
                new AlarmCase("SweepAlarm", "does not run", without(SWEEP)),
                new AlarmCase("SweepAlarm", "is late", without(SWEEP).and(often(lateSweep))),
                new AlarmCase("UpdaterAlarm", "does not run", without(UPDATER)),
                new AlarmCase(
                    "UpdaterAlarm",
                    "is late",
                    without(UPDATER).and(withoutRefusal(often(lateUpdater)))),
                new AlarmCase("ServerErrorAlarm", "six responses", with(SERVER_ERRORS, 6)),
                new AlarmCase("DatabaseStorageAlarm", "full", with(FREE_STORAGE, GIBIBYTE - 1)),
                new AlarmCase("DatabaseProcessorAlarm", "busy", always(PROCESSOR, 81)),
                new AlarmCase(
                    "DatabaseConnectionsAlarm", "taken", healthy.and(every(CONNECTIONS, 65)))),
            Stream.of(CONFIRM, CREATE, HOME)
                .map(function -> new AlarmCase("CanaryAlarm", function, without(function))),
            REFUSED.entrySet().stream()
                .map(
                    each ->
                        new AlarmCase("SignInRefusedAlarm", each.getKey(), with(each.getValue()))))
        .flatMap(Function.identity());
  }

  private static Datapoints with(Metric metric, double value) {
    return healthy.and(Datapoints.of(metric, FAULT_AGE, value));
  }

  private static Datapoints with(String log) {
    return healthy.and(Datapoints.ofLog(log, FAULT_AGE));
  }

  private static Datapoints without(String function) {
    return healthy.without(metric -> metric.function().equals(function));
  }

  private static Datapoints always(Metric metric, double value) {
    return healthy.without(metric::equals).and(every(metric, value));
  }

  private static Datapoints often(String log) {
    return Datapoints.ofLog(log, Duration.ZERO).every(Duration.ofMinutes(5), LONGEST);
  }

  /** The same data without the refused sign-in, which has its own alarm. */
  private static Datapoints withoutRefusal(Datapoints datapoints) {
    return datapoints.without(metric -> metric.name().equals("SignInRefused"));
  }

  private static Map<String, State> states(Datapoints datapoints) {
    return states(name -> requireNonNull(ALARMS.get(name)).state(datapoints));
  }

  private static Map<String, State> states(Function<String, State> state) {
    return ALARMS.keySet().stream().collect(Collectors.toMap(Function.identity(), state));
  }

  @Test
  void alarmsReadOnlyMetricsThatExist() {
    for (var alarm : ALARMS.entrySet()) {
      for (var metric : alarm.getValue().metrics()) {
        assertTrue(exists(metric), alarm.getKey() + " reads " + metric);
      }
    }
  }

  @Test
  void theDashboardShowsOnlyMetricsThatExist() {
    var dashboard = Dashboard.of(TEMPLATE);
    for (var metric : dashboard.metrics()) {
      assertTrue(exists(metric), metric.toString());
    }
    for (var search : dashboard.searches()) {
      var found = written().stream().filter(search::finds).map(Metric::function);
      assertEquals(search.functions(), found.collect(Collectors.toSet()), search.toString());
    }
  }

  @Test
  void theDashboardShowsEveryMetricOfTheFunctions() {
    var dashboard = Dashboard.of(TEMPLATE);
    for (var metric : written()) {
      assertTrue(dashboard.shows(metric), metric.toString());
    }
  }

  @Test
  void everyFunctionCountsItsColdStart() {
    for (var function : ROLES.keySet()) {
      assertTrue(written().contains(Metric.ofFunction("ColdStart", function)), function);
    }
  }

  private static boolean exists(Metric metric) {
    return written().contains(metric) || SERVICES.stream().anyMatch(service -> service.has(metric));
  }

  /** The metrics that the functions have written so far. */
  private static Set<Metric> written() {
    return Datapoints.ofLog(bundle.log(), Duration.ZERO).metrics();
  }
}
