package cruddur.benchmarks;

import cruddur.database.TlsSocketFactory;
import cruddur.local.lambda.Launcher;
import cruddur.local.lambda.RuntimeClient;
import cruddur.local.lambda.TaskRoot;
import cruddur.local.template.FunctionDefinition;
import cruddur.local.template.Template;
import cruddur.postgres.LocalDatabase;
import cruddur.postgres.Postgres;
import cruddur.testbed.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The packaged functions, unpacked as Lambda unpacks them, and a PostgreSQL that requires TLS.
 * Roles sign in by a password in plain text inside TLS, as with an IAM token.
 */
final class Bundle implements LocalDatabase, AutoCloseable {
  /** The role of CreateActivity, which may read what HomeActivities reads. */
  static final String ROLE = "cruddur_activities";

  /** The sub of the user of {@code events/create-activity.json}. */
  static final String AUTHOR = "7c1f5b0e-4d0b-4f6c-9a35-0f5a6b1c2d3e";

  /** The subs of further authors begin with this; four digits follow. */
  static final String AUTHOR_PREFIX = AUTHOR.substring(0, AUTHOR.length() - 4);

  /** Further authors, which take turns, so that each has a few recent posts, as on a busy day. */
  static final int AUTHOR_COUNT = 10_000;

  /** The limit of an author's posts in five minutes: more than a benchmark makes. */
  static final int POST_LIMIT = 1_000;

  private static final String OF_AUTHOR = " where cognito_user_id = '" + AUTHOR + "'";

  private static final String HOST = "localhost";

  private static final String JAVA_OPTIONS = "JAVA_TOOL_OPTIONS";
  private static final Map<String, String> SNAP_START =
      Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");

  private final Path root;
  private final Path folder;
  private final Postgres postgres;
  private final List<FunctionDefinition> definitions;
  private final RuntimeClient client;

  private Bundle(Path root, Path folder, Postgres postgres) {
    this.root = root;
    this.folder = folder;
    this.postgres = postgres;
    this.definitions = Template.read(root.resolve("template.yaml")).functions();
    this.client =
        RuntimeClient.unpack(root.resolve("local/target/runtime"), folder.resolve("runtime"));
  }

  /**
   * Starts the database and inserts the sample's user and the further authors.
   *
   * @param root the repository's folder
   */
  static Bundle start(Path root) throws IOException, SQLException {
    var folder = Files.createTempDirectory("bench");
    Tls.certify(folder, HOST);
    var bundle =
        new Bundle(root, folder, Tls.startPostgres(folder, "password", Map.of("fsync", "on")));
    for (var role : List.of("cruddur_users", "cruddur_activities", "cruddur_feed")) {
      bundle.execute("alter role " + role + " password 'local'");
    }
    bundle.execute(
        """
        insert into users (display_name, handle, email, cognito_user_id)
        values ('Sam', 'sam', 'sam@example.com', '%s')
        """
            .formatted(AUTHOR));
    bundle.execute(
        """
        insert into users (display_name, handle, email, cognito_user_id)
        select 'Author', 'author-' || number, 'author@example.com', '%s' || to_char(number, 'fm0000')
        from generate_series(0, %d) as number
        """
            .formatted(AUTHOR_PREFIX, AUTHOR_COUNT - 1));
    return bundle;
  }

  /** Hides the sample's user: in AWS, a priming call finds no user either. */
  void hideAuthor() throws SQLException {
    execute("update users set cognito_user_id = 'hidden', handle = 'hidden'" + OF_AUTHOR);
  }

  /** Shows the hidden user again, and deletes a user that has signed up in its place. */
  void showAuthor() throws SQLException {
    execute("delete from users" + OF_AUTHOR + " and handle <> 'sam'");
    execute(
        "update users set cognito_user_id = '%s', handle = 'sam' where handle = 'hidden'"
            .formatted(AUTHOR));
  }

  /**
   * Checks that a sign-up has written a row in place of the hidden user.
   *
   * @throws IOException if there is none
   */
  void checkSignUp() throws IOException, SQLException {
    if (value("select count(*) from users" + OF_AUTHOR).equals("0")) {
      throw new IOException("no row was written for " + AUTHOR);
    }
  }

  /** A sample from {@code events/}. */
  byte[] event(String file) throws IOException {
    return Files.readAllBytes(root.resolve("events").resolve(file));
  }

  Path root() {
    return root;
  }

  /** The address of the database for a role, as in CONNECTION_URL. */
  String url(String role) {
    return "postgresql://%s:local@%s".formatted(role, address(port()));
  }

  @Override
  public int port() {
    return postgres.port();
  }

  private String address(int port) {
    return "%s:%d/cruddur?sslmode=verify-full&sslrootcert=%s"
        .formatted(HOST, port, folder.resolve("ca.pem"));
  }

  /** The sample of CreateActivity, once for each of the further authors. */
  List<byte[]> creates() throws IOException {
    var sample = new String(event("create-activity.json"), StandardCharsets.UTF_8);
    return IntStream.range(0, AUTHOR_COUNT)
        .mapToObj(number -> sample.replace(AUTHOR, "%s%04d".formatted(AUTHOR_PREFIX, number)))
        .map(event -> event.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  /** Inserts 100 activities, so that a page of the feed is full and has a next one. */
  void fillFeed() throws SQLException {
    execute(
        """
        insert into activities (user_uuid, message, expires_at)
        select users.uuid, 'Faith manages. ' || number, now() + interval '168 hours'
        from users, generate_series(1, 100) as number where handle = 'sam'
        """);
    execute("vacuum analyze");
  }

  /**
   * The command that starts a {@link BareLoop} with a file of {@code sql/}. It has the functions'
   * own TLS and the JVM's flags of CreateActivity.
   */
  List<String> bareLoop(String file) {
    var function = definition("CreateActivityFunction").with(SNAP_START);
    var command = new ArrayList<>(Launcher.java(function));
    // Before the arguments, as the JVM reads JAVA_TOOL_OPTIONS before its arguments.
    var options = function.variables().getOrDefault(JAVA_OPTIONS, "").split(" ");
    command.addAll(1, Arrays.stream(options).filter(option -> !option.isEmpty()).toList());
    command.addAll(
        List.of(
            "-cp",
            root.resolve("benchmarks/target/classes") + ":" + System.getProperty("java.class.path"),
            BareLoop.class.getName(),
            "jdbc:postgresql://%s&user=%s&password=local&prepareThreshold=1&sslfactory=%s"
                .formatted(address(port()), ROLE, TlsSocketFactory.class.getName()),
            root.resolve("sql").resolve(file).toString()));
    return command;
  }

  /** The size of a function's jar, bytes. */
  long jarBytes(String function) throws IOException {
    return Files.size(definition(function).code());
  }

  /** The memory that the template gives a function, MiB. */
  int memoryMebibytes(String function) {
    return definition(function).memoryMebibytes();
  }

  /** A start of a function without a snapshot. */
  FunctionProcess.Starter onDemand(String function) {
    return starter(definition(function));
  }

  /** A start of a function up to its checkpoint. */
  FunctionProcess.Starter snapStart(String function) {
    return snapStart(function, "");
  }

  /**
   * A start of a function up to its checkpoint.
   *
   * @param options of the JVM, in addition to the template's
   */
  FunctionProcess.Starter snapStart(String function, String options) {
    return starter(snapStart(definition(function), options));
  }

  /** The same, with another port of the database, such as a proxy's. */
  FunctionProcess.Starter snapStartBehind(int port, String function) {
    return starter(snapStart(definition(function), ""), port);
  }

  /** A start of {@link EmptyHandler}, with CreateActivity's settings and without a snapshot. */
  FunctionProcess.Starter emptyOnDemand() {
    return starter(emptyHandler());
  }

  /** A start of {@link EmptyHandler} up to its checkpoint, with more options of the JVM. */
  FunctionProcess.Starter emptySnapStart(String options) {
    return starter(snapStart(emptyHandler(), options));
  }

  private static FunctionDefinition snapStart(FunctionDefinition function, String options) {
    var own = function.variables().getOrDefault(JAVA_OPTIONS, "");
    var all = (own + " " + options).strip();
    var primed = function.with(SNAP_START);
    return all.isEmpty() ? primed : primed.with(Map.of(JAVA_OPTIONS, all));
  }

  private FunctionDefinition emptyHandler() {
    return definition("CreateActivityFunction")
        .with(root.resolve("benchmarks/target/classes"), "cruddur.benchmarks.EmptyHandler");
  }

  private FunctionDefinition definition(String name) {
    return definitions.stream()
        .filter(definition -> definition.name().equals(name))
        .findFirst()
        .map(definition -> definition.with(Map.of("POSTS_LIMIT", Integer.toString(POST_LIMIT))))
        .orElseThrow(() -> new IllegalArgumentException("no such function: " + name));
  }

  private FunctionProcess.Starter starter(FunctionDefinition definition) {
    return starter(definition, port());
  }

  private FunctionProcess.Starter starter(FunctionDefinition definition, int port) {
    return new FunctionProcess.Starter(launcher(definition, port)::start, definition.timeout());
  }

  private Launcher launcher(FunctionDefinition definition, int port) {
    var taskRoot = TaskRoot.of(definition, folder.resolve("tasks").resolve(definition.name()));
    return new Launcher(definition, taskRoot, client, address(port), Map.of());
  }

  /** Stops the database. The temporary folder stays. */
  @Override
  public void close() {
    postgres.close();
  }
}
