package cruddur.benchmarks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cruddur.local.lambda.RuntimeApi;
import cruddur.postgres.Proxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Copies of one image of CreateActivity. {@link Criu} takes it where Lambda takes its snapshot: the
 * function is primed and waits under AWS's runtime client, with the JVM's flags of the template. A
 * copy finds its connection to the Runtime API closed. The JDK then opens another for the same
 * request ({@code sun.net.www.http.HttpClient}).
 *
 * <p>The wall clock goes on between image and copy, as a process has no wall clock of its own. For
 * one that stands still, {@code SnapStartTest} of {@code functions/lambda} restores the random
 * generator's state.
 */
class RestoredCopiesTest {
  private static final int COPIES = 3;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** In the response's body, which is JSON within JSON, without spaces. */
  private static final Pattern ACTIVITY = Pattern.compile("\"uuid\\\\\":\\\\\"([0-9a-f-]{36})");

  @TempDir private static Path folder;

  private static Path output;
  private static Path image;
  private static Bundle bundle;
  private static List<byte[]> creates;
  private static Proxy proxy;
  private static RuntimeApi api;
  private static Process original;
  private static long imageNanos;

  private final List<ClientHello> hellos = Collections.synchronizedList(new ArrayList<>());
  private final List<Process> copies = new ArrayList<>();

  /** The response of a copy to its first call. */
  private record Response(String text, Duration sinceRestore) {
    static Response of(RuntimeApi.Request response, long restored) {
      return new Response(
          new String(response.body(), StandardCharsets.UTF_8),
          Duration.ofNanos(response.arrived() - restored));
    }

    UUID activity() {
      var dense = text.replace(" ", "");
      var matcher = ACTIVITY.matcher(dense);
      assertTrue(dense.contains(FunctionProcess.OK) && matcher.find(), text);
      return UUID.fromString(matcher.group(1));
    }
  }

  @BeforeAll
  static void takeImage() throws Exception {
    var obstacle = Criu.obstacle();
    assumeTrue(obstacle.isEmpty(), obstacle.orElse(""));
    bundle = Bundle.start(Path.of("..").toAbsolutePath().normalize());
    creates = bundle.creates();
    proxy = Proxy.to(bundle.port());
    api = new RuntimeApi();
    output = Files.createFile(folder.resolve("output"));
    image = Files.createDirectory(folder.resolve("image"));
    original =
        bundle
            .snapStartBehind(proxy.port(), "CreateActivityFunction")
            .command()
            .start(api.address(), ProcessBuilder.Redirect.appendTo(output.toFile()));
    await(1, RuntimeApi.Request::isCheckpoint);
    assertTrue(Files.readString(output).contains("\nprimed: "));
    Criu.dump(original, image);
    imageNanos = System.nanoTime();
  }

  @AfterAll
  static void stop() {
    // These are null without CRIU, or if the start failed.
    if (original != null) {
      original.destroyForcibly().onExit().join();
    }
    if (api != null) {
      api.close();
    }
    if (proxy != null) {
      proxy.close();
    }
    if (bundle != null) {
      bundle.close();
    }
  }

  @AfterEach
  void endCopies() {
    copies.forEach(copy -> copy.destroyForcibly().onExit().join());
  }

  @Test
  void copiesThatRunAtOnceShareNoRandomValue() throws IOException {
    var responses = responses(Collections.nCopies(COPIES, Duration.ZERO));
    var activities = responses.stream().map(Response::activity).toList();
    assertEquals(COPIES, hellos.size());
    assertAll(
        // The most significant bits of a key are the time.
        () -> assertDiffer(activities, UUID::getLeastSignificantBits),
        () -> assertDiffer(hellos, ClientHello::random),
        () -> assertDiffer(hellos, ClientHello::keyShare));
  }

  private static <T> void assertDiffer(List<T> of, Function<T, Object> value) {
    assertEquals(of.size(), new HashSet<>(of.stream().map(value).toList()).size(), of::toString);
  }

  /** Time on the monotonic clock since the image was taken; on the wall clock it is seconds. */
  static Stream<Duration> timesThatPassed() {
    return Stream.of(Duration.ZERO, Duration.ofMinutes(17), Duration.ofDays(6));
  }

  @ParameterizedTest
  @MethodSource("timesThatPassed")
  void aCopyServesAfterAnyTimeOnTheMonotonicClock(Duration passed) throws Exception {
    var sinceImage = Duration.ofNanos(System.nanoTime() - imageNanos);
    // Rounded up to a second, since the monotonic clock never goes back.
    var response = responses(List.of(passed.minus(sinceImage).plusSeconds(1))).getFirst();
    var stored = "select count(*) from activities where uuid = '" + response.activity() + "'";
    assertEquals("1", bundle.value(stored));
    System.out.printf(
        "%s later: %d ms from the restore to the first response%n",
        passed, response.sinceRestore().toMillis());
  }

  /** Starts a copy for each clock, restores them all at once, and calls each once. */
  private List<Response> responses(List<Duration> clocks) throws IOException {
    for (var clock : clocks) {
      copies.add(Criu.restore(image, clock, output, Files.createTempDirectory(folder, "copy")));
    }
    var waiting = await(clocks.size(), RuntimeApi.Request::isCheckpoint);
    proxy.watch(chunk -> ClientHello.of(chunk).ifPresent(hellos::add));
    var restored = System.nanoTime();
    for (var copy : waiting) {
      copy.restore();
    }
    var ready = await(clocks.size(), RuntimeApi.Request::isNext);
    for (var number = 0; number < ready.size(); number++) {
      ready.get(number).respond(call(creates.get(number)));
    }
    return await(clocks.size(), RuntimeApi.Request::isResponse).stream()
        .map(response -> Response.of(response, restored))
        .toList();
  }

  private static RuntimeApi.Call call(byte[] event) {
    return new RuntimeApi.Call(
        UUID.randomUUID().toString(),
        event,
        Instant.now().plusSeconds(5),
        "arn:aws:lambda:us-east-1:000000000000:function:copy");
  }

  /** The next request of each copy, all of one kind. A copy waits for each response. */
  private static List<RuntimeApi.Request> await(int count, Predicate<RuntimeApi.Request> kind)
      throws IOException {
    var requests = new ArrayList<RuntimeApi.Request>();
    while (requests.size() < count) {
      var request = request();
      assertTrue(kind.test(request), request.path());
      requests.add(request);
    }
    return requests;
  }

  private static RuntimeApi.Request request() throws IOException {
    var request = api.await(LIMIT);
    if (request.isEmpty()) {
      throw new IOException("no request within " + LIMIT + "\n" + logs());
    }
    if (request.get().isError()) {
      throw new IOException(new String(request.get().body(), StandardCharsets.UTF_8));
    }
    return request.get();
  }

  /** The output of CRIU, the original and the copies. */
  private static String logs() throws IOException {
    var logs = new StringBuilder();
    try (var files = Files.find(folder, 2, (file, _) -> isLog(file.getFileName().toString()))) {
      for (var file : files.toList()) {
        logs.append(Files.readString(file));
      }
    }
    return logs.toString();
  }

  private static boolean isLog(String name) {
    return name.equals("output") || name.endsWith(".log");
  }
}
