package cruddur.users;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.CognitoUserPoolEvent;
import com.amazonaws.services.lambda.runtime.events.CognitoUserPoolPostAuthenticationEvent;
import com.amazonaws.services.lambda.runtime.events.CognitoUserPoolPostConfirmationEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import cruddur.database.Database;
import cruddur.database.DatabaseUnavailableException;
import cruddur.database.Folding;
import cruddur.lambda.JsonObject;
import cruddur.postgres.Postgres;
import cruddur.postgres.Proxy;
import cruddur.testbed.CapturedOutput;
import cruddur.testbed.Invocation;
import cruddur.testbed.NameCase;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostConfirmationTest {
  private static Postgres postgres;
  private static Database database;
  private static PostConfirmation function;

  @BeforeAll
  static void start() {
    postgres = Postgres.temporary();
    database = new Database(postgres.url("cruddur_users"));
    function = new PostConfirmation(database);
  }

  @AfterAll
  static void stop() {
    database.close();
    postgres.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    postgres.execute("truncate users cascade");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "post-confirmation.json",
        "post-confirmation-forgot-password.json",
        "post-confirmation-federated.json",
        "post-authentication.json"
      })
  void givesBackTheVeryBytesAndWritesOneRow(String sample) throws SQLException {
    var event = Invocation.sample(sample);
    assertArrayEquals(event, new Invocation().call(function, event));
    assertArrayEquals(event, new Invocation().call(function, event));
    assertEquals(1, users().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"post-confirmation.json", "post-authentication.json"})
  void writesWhatCognitoKnows(String sample) throws SQLException {
    new Invocation().call(function, Invocation.sample(sample));
    assertEquals(
        List.of("7c1f5b0e-4d0b-4f6c-9a35-0f5a6b1c2d3e|delenn|Delenn of Mir|delenn@example.com"),
        users());
  }

  @Test
  void suffixesAHandleThatIsTakenWhateverItsCase() throws SQLException {
    confirm("sub-1", "a@example.com", "Kosh", "");
    confirm("sub-2", "b@example.com", "kOSH", "");
    var suffixed = users().get(1);
    assertTrue(suffixed.matches("sub-2\\|kOSH-[0-9a-f]{6}\\|kOSH\\|b@example.com"), suffixed);
    confirm("sub-2", "b@example.com", "kOSH", "");
    assertEquals(suffixed, users().get(1), "the same on every call");
    assertEquals(2, users().size());
  }

  @Test
  void givesEachUserOfTheCasesTheRightNames() throws SQLException {
    var suffix = suffix("sub-1");
    try (var connection = postgres.connect();
        var statement = connection.createStatement()) {
      for (var given : NameCase.all()) {
        statement.execute("delete from users");
        if (given.taken().isPresent()) {
          confirm("sub-0", "taken@example.com", given.taken().get(), "");
        }
        var attributes = new HashMap<>(Map.of("sub", "sub-1", "email", NameCase.EMAIL));
        attributes.putAll(given.userAttributes());
        new Invocation().call(function, event(attributes));
        try (var rows =
            statement.executeQuery(
                "select handle, display_name from users where cognito_user_id = 'sub-1'")) {
          assertTrue(rows.next(), given.toString());
          assertEquals(
              given.handle().replace("SUFFIX", suffix), rows.getString(1), given.toString());
          assertEquals(given.displayName(), rows.getString(2), given.toString());
        }
      }
    }
  }

  private static byte[] event(Map<String, String> attributes) {
    var members =
        attributes.entrySet().stream()
            .map(attribute -> '"' + attribute.getKey() + "\":" + json(attribute.getValue()))
            .collect(Collectors.joining(","));
    return ("{\"request\":{\"userAttributes\":{" + members + "}},\"response\":{}}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String json(String text) {
    return text.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining("", "\"", "\""));
  }

  @Test
  void storesTheFoldedHandleAndAKeyThatItMakes() throws SQLException {
    confirm("sub-1", "a@example.com", "Straße", "");
    confirm("sub-2", "b@example.com", "strasse", "");
    confirm("sub-3", "c@example.com", "STRASSE-" + suffix("sub-4"), "");
    confirm("sub-4", "d@example.com", "STRASSE", "");
    try (var connection = postgres.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select handle, handle_key, uuid from users order by cognito_user_id")) {
      var uuids = new ArrayList<UUID>();
      while (rows.next()) {
        assertEquals(Folding.fold(rows.getString(1)), rows.getString(2));
        uuids.add(rows.getObject(3, UUID.class));
        assertEquals(7, uuids.getLast().version());
      }
      assertEquals(uuids.stream().sorted().toList(), uuids, "in the order in which they came");
    }
  }

  private static String suffix(String sub) throws SQLException {
    return postgres.value("select left(md5('" + sub + "'), 6)");
  }

  @Test
  void findsAHandleWhereTheShortSuffixIsTakenToo() throws SQLException {
    confirm("sub-1", "a@example.com", "kosh", "");
    confirm("sub-2", "b@example.com", "kosh", "");
    var shortSuffix = users().get(1).split("\\|")[1];
    postgres.execute("delete from users where cognito_user_id = 'sub-2'");
    confirm("sub-3", "c@example.com", shortSuffix, "");
    confirm("sub-2", "b@example.com", "kosh", "");
    assertTrue(users().get(1).matches("sub-2\\|kosh-[0-9a-f]{32}\\|.*"), users().get(1));
    assertEquals(3, users().size());
  }

  @Test
  void tenCallsAtOnceLeaveOneRow() throws Exception {
    runTenAtOnce(_ -> confirmIn(database(), "sub-1", "kosh"));
    assertEquals(1, users().size());
  }

  @Test
  void tenUsersAtOnceWithOneHandleAllGetTheirRow() throws Exception {
    runTenAtOnce(number -> confirmIn(database(), "sub-" + number, "kosh"));
    assertEquals(10, users().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sub-1\\u200b", "sub-1\\u0000", "\\ud800sub-1", " sub-1", "", " "})
  void refusesASubThatItWouldHaveToChange(String sub) throws SQLException {
    assertThrows(ProfileNotSavedException.class, () -> confirm(sub, "a@example.com", "kosh", ""));
    assertEquals(List.of(), users());
  }

  @Test
  void failsInWordsForTheUserWithoutAnAddress() throws SQLException {
    var invocation = new Invocation();
    var failure =
        assertThrows(
            ProfileNotSavedException.class,
            () -> invocation.call(function, event("sub-1", null, "kosh", "")));
    assertTrue(failure.toString().contains("e-mail address"), failure.toString());
    assertTrue(invocation.log().contains("no usable sub or email"), invocation.log());
    assertEquals(List.of(), users());
  }

  @Test
  void failsInWordsForTheUserAndLogsTheCauseWithoutTheAddress() {
    var nowhere = new PostConfirmation(new Database("postgresql://cruddur_users:x@127.0.0.1:1/x"));
    var invocation = new Invocation();
    var failure =
        assertThrows(
            ProfileNotSavedException.class,
            () -> invocation.call(nowhere, event("sub-1", "kosh@example.com", "kosh", "")));
    assertEquals(
        "Your account is confirmed, but your profile could not be saved. It will be saved when you"
            + " sign in.",
        failure.getMessage());
    assertEquals(null, failure.getCause());
    assertTrue(invocation.log().contains("users/confirm.sql failed with SQLSTATE "));
    assertFalse(invocation.log().contains("kosh"), invocation.log());
  }

  @Test
  void answersAScheduleWithOneRoundTripThatWritesNothing() throws SQLException {
    var event = Invocation.sample("canary.json");
    postgres.execute("alter role cruddur_users set default_transaction_read_only = on");
    try (var proxy = Proxy.to(postgres.port());
        var database = new Database(postgres.url("cruddur_users", proxy))) {
      var watched = new PostConfirmation(database);
      new Invocation().call(watched, event);
      var before = proxy.roundTrips();
      try (var printed = new CapturedOutput()) {
        var response = new Invocation().call(watched, event);
        assertEquals("{}", new String(response, StandardCharsets.UTF_8));
        assertEquals(List.of("Canary 1 Count function=test"), printed.metrics());
      }
      assertEquals(1, proxy.roundTrips() - before);
    } finally {
      postgres.execute("alter role cruddur_users reset default_transaction_read_only");
    }
  }

  @Test
  void failsForAScheduleWhenThereIsNoDatabase() {
    var nowhere = new PostConfirmation(new Database("postgresql://cruddur_users:x@127.0.0.1:1/x"));
    var invocation = new Invocation();
    try (var printed = new CapturedOutput()) {
      assertThrows(
          DatabaseUnavailableException.class,
          () -> invocation.call(nowhere, Invocation.sample("canary.json")));
      // 08001, or 57014 on a machine that is too slow for it.
      var failure = "\\[DatabaseFailure 1 Count function=test sqlState=(08001|57014)]";
      assertTrue(printed.metrics().toString().matches(failure), printed.text());
    }
    assertTrue(invocation.log().contains("sql/canary.sql failed with SQLSTATE "), invocation.log());
  }

  @Test
  void aSignInLeavesTheRowAndTheTableAsTheyAre() throws SQLException {
    confirm("sub-1", "a@example.com", "kosh", "Kosh");
    for (var time = 0; time < 20; time++) {
      var event = signIn("sub-1", "b@example.com", "vorlon");
      assertArrayEquals(event, new Invocation().call(function, event));
    }
    assertEquals(List.of("sub-1|kosh|Kosh|a@example.com"), users());
    confirm("sub-2", "b@example.com", "vorlon", "");
    // The second place in the table: the sign-ins left no dead row version.
    assertEquals("(0,2)", postgres.value("select ctid from users where cognito_user_id = 'sub-2'"));
  }

  @Test
  void countsARowThatASignInWritesAsHealed() {
    var created = "Created 1 Count function=test";
    for (var expected : List.of(List.of(created), List.of())) {
      assertEquals(expected, metrics(() -> confirm("sub-1", "a@example.com", "kosh", "")));
    }
    for (var expected : List.of(List.of(created, "Healed 1 Count function=test"), List.of())) {
      assertEquals(
          expected,
          metrics(() -> new Invocation().call(function, signIn("sub-2", "b@example.com", "lyta"))));
    }
  }

  /** The server accepts connections and is silent; the confirmation waits for it longer. */
  @Test
  void aSignInGoesOnWithoutTheDatabaseAndWaitsLessThanAConfirmation() throws Exception {
    try (var silence = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
        var thread = Executors.newSingleThreadExecutor();
        var database = new Database(silentUrl(silence));
        var other = new Database(silentUrl(silence))) {
      var confirmation =
          thread.submit(
              () ->
                  new Invocation()
                      .call(new PostConfirmation(other), event("sub-2", "b@example.com", "", "")));
      try (var waiting = silence.accept()) {
        var event = signIn("sub-1", "kosh@example.com", "kosh");
        var invocation = new Invocation();
        assertEquals(
            List.of("DatabaseFailure 1 Count function=test sqlState=08001"),
            metrics(
                () ->
                    assertArrayEquals(
                        event, invocation.call(new PostConfirmation(database), event))));
        assertTrue(
            invocation.log().contains("users/confirm.sql failed with SQLSTATE 08001"),
            invocation.log());
        assertFalse(invocation.log().contains("kosh"), invocation.log());
        assertFalse(confirmation.isDone());
        waiting.getOutputStream().write(NO_SUCH_DATABASE);
      }
      var failure = assertThrows(ExecutionException.class, confirmation::get);
      assertInstanceOf(ProfileNotSavedException.class, failure.getCause());
    }
  }

  /** PostgreSQL's ErrorResponse with SQLSTATE 3D000, after which the driver gives up. */
  private static final byte[] NO_SUCH_DATABASE =
      "E\0\0\0\031SFATAL\0C3D000\0Mnone\0\0".getBytes(StandardCharsets.US_ASCII);

  private static String silentUrl(ServerSocket silence) {
    return "postgresql://cruddur_users:x@127.0.0.1:%d/x?sslmode=disable"
        .formatted(silence.getLocalPort());
  }

  @Test
  void aSignInGoesOnWhereTheRowCannotBeWritten() throws SQLException {
    var tooLong = "x".repeat(2_048) + "@example.com";
    for (var event : List.of(signIn("sub-1", tooLong, "kosh"), signIn("", "a@example.com", ""))) {
      var invocation = new Invocation();
      assertArrayEquals(event, invocation.call(function, event));
      assertFalse(invocation.log().isEmpty());
      assertFalse(invocation.log().contains("example.com"), invocation.log());
    }
    assertEquals(List.of(), users());
  }

  @Test
  void readsWhatTheTypedEventsOfAwsRead() {
    var confirmation = typed(CognitoUserPoolPostConfirmationEvent.class, "post-confirmation.json");
    assertReads(confirmation.getRequest(), "post-confirmation.json");

    var signIn = typed(CognitoUserPoolPostAuthenticationEvent.class, "post-authentication.json");
    assertReads(signIn.getRequest(), "post-authentication.json");
    assertEquals("PostAuthentication_Authentication", signIn.getTriggerSource());
    assertFalse(signIn.getRequest().getNewDeviceUsed());
  }

  private static <T> T typed(Class<T> type, String sample) {
    return LambdaEventSerializers.serializerFor(type, PostConfirmationTest.class.getClassLoader())
        .fromJson(new ByteArrayInputStream(Invocation.sample(sample)));
  }

  private static void assertReads(CognitoUserPoolEvent.Request request, String sample) {
    var user =
        NewUser.parse(JsonObject.parse(Invocation.sample(sample)).orElseThrow()).orElseThrow();
    var attributes = request.getUserAttributes();
    assertEquals(attributes.get("sub"), user.cognitoUserId());
    assertEquals(attributes.get("email"), user.email());
    assertEquals(attributes.get("name"), user.displayName());
    assertEquals(attributes.get("preferred_username"), user.handle());
  }

  private static List<String> metrics(Runnable call) {
    try (var printed = new CapturedOutput()) {
      call.run();
      return printed.metrics();
    }
  }

  private static Database database() {
    return new Database(postgres.url("cruddur_users"));
  }

  private static void confirm(String sub, String email, String handle, String name) {
    new Invocation().call(function, event(sub, email, handle, name));
  }

  private static void confirmIn(Database database, String sub, String handle) {
    try (database) {
      new Invocation()
          .call(new PostConfirmation(database), event(sub, "a@example.com", handle, ""));
    }
  }

  private static byte[] event(String sub, @Nullable String email, String handle, String name) {
    return event("PostConfirmation_ConfirmSignUp", sub, email, handle, name);
  }

  private static byte[] signIn(String sub, String email, String handle) {
    return event("PostAuthentication_Authentication", sub, email, handle, "");
  }

  private static byte[] event(
      String source, String sub, @Nullable String email, String handle, String name) {
    var json =
        """
        {"triggerSource": "%s", "request": {"userAttributes":
          {"sub": "%s", "email": %s, "preferred_username": "%s", "name": "%s"}}, "response": {}}
        """
            .formatted(source, sub, email == null ? "null" : '"' + email + '"', handle, name);
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> users() throws SQLException {
    var users = new ArrayList<String>();
    try (var connection = postgres.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select concat_ws('|', cognito_user_id, handle, display_name, email)"
                    + " from users order by cognito_user_id")) {
      while (rows.next()) {
        users.add(rows.getString(1));
      }
    }
    return users;
  }

  private static void runTenAtOnce(IntConsumer task) throws Exception {
    try (var threads = Executors.newFixedThreadPool(10)) {
      var tasks =
          IntStream.range(0, 10).mapToObj(n -> Executors.callable(() -> task.accept(n))).toList();
      for (var done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
  }
}
