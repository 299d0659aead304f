package cruddur.lambda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import cruddur.database.Database;
import cruddur.database.Sql;
import cruddur.postgres.Proxy;
import cruddur.testbed.CapturedOutput;
import cruddur.testbed.Invocation;
import java.io.IOException;
import java.lang.reflect.Field;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.crac.Core;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapStartTest {
  private static final int UUID_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The JVM reads 32 to 65,536 bytes ahead: more when many are used in a short time. */
  @ParameterizedTest
  @ValueSource(ints = {32, 256, 65_536})
  void copiesOfASnapshotShareNoRandomBytes(int readAhead) throws ReflectiveOperationException {
    assumeTrue(RANDOM.getAlgorithm().equals("NativePRNG"), "not the generator of Linux");
    var snapshot = RandomState.with(readAhead);
    snapshot.restore();
    var unchanged = bytes(readAhead);
    snapshot.restore();
    assertArrayEquals(unchanged, bytes(readAhead), "the snapshot lacks state");

    var first = restoredCopy(snapshot, readAhead);
    var second = restoredCopy(snapshot, readAhead);
    for (var at = 0; at < readAhead; at += UUID_BYTES) {
      var end = at + UUID_BYTES;
      assertFalse(Arrays.equals(first, at, end, second, at, end), "at " + at);
    }
  }

  private static byte[] restoredCopy(RandomState snapshot, int length)
      throws ReflectiveOperationException {
    snapshot.restore();
    try (var database = new Database("postgresql://a:b@127.0.0.1:1/x")) {
      new SnapStart((_, _, _) -> {}, database, "absent.json").afterRestore(Core.getGlobalContext());
    }
    return bytes(length);
  }

  private static byte[] bytes(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  @Test
  void noConnectionOutlivesASnapshotWithoutPriming() {
    var query = Sql.load("canary.sql").query();
    var time = Duration.ofSeconds(5);
    try (var proxy = Proxy.to(SharedFixture.postgres().port());
        var database =
            new Database("postgresql://cruddur_users:any@127.0.0.1:" + proxy.port() + "/cruddur")) {
      database.run(query, time);
      assertEquals(1, proxy.opened());
      new SnapStart((_, _, _) -> {}, database, "absent.json")
          .beforeCheckpoint(Core.getGlobalContext());
      database.run(query, time);
      assertEquals(2, proxy.opened());
    }
  }

  @Test
  void primesWithSixtyCallsOfTheSample() {
    var begin = System.nanoTime();
    var events = new ArrayList<byte[]>();
    var printed = primed("canary.json", (input, _, context) -> events.add(input.readAllBytes()));
    assertTrue(printed.matches("primed: " + events.size() + " calls in \\d+ ms"), printed);
    // A process that was stopped meanwhile has no time for all of them.
    var isLate = System.nanoTime() - begin > Duration.ofSeconds(8).toNanos();
    assertTrue(events.size() == 60 || isLate, printed);
    events.forEach(event -> assertArrayEquals(Invocation.sample("canary.json"), event));
  }

  @Test
  void endsWithTheFirstCallThatLogsAnError() {
    var calls = new AtomicInteger();
    assertEquals(
        "not primed, so first calls will be slow: call 3",
        primed(
            "canary.json",
            (_, _, context) -> {
              if (calls.incrementAndGet() == 3) {
                context.getLogger().log("call 3", LogLevel.ERROR);
              }
            }));
    assertEquals(3, calls.get());
  }

  @Test
  void endsWithTheFirstCallThatFails() {
    assertEquals(
        "not primed, so first calls will be slow: java.io.UncheckedIOException",
        primed(
            "canary.json",
            (_, _, _) -> {
              throw new IOException();
            }));
  }

  @Test
  void doesNotPrimeWithoutTheSample() {
    assertEquals(
        "not primed, so first calls will be slow: java.io.IOException",
        primed("absent.json", (_, _, _) -> {}));
  }

  /** What priming calls print. */
  private static String primed(String sample, RequestStreamHandler handler) {
    try (var database = new Database("postgresql://a:b@127.0.0.1:1/x");
        var printed = new CapturedOutput()) {
      new SnapStart(handler, database, sample).beforeCheckpoint(Core.getGlobalContext());
      return printed.text().stripTrailing();
    }
  }

  /**
   * The state of the JVM's random generator in a snapshot. Its last read seems to lie in the
   * future, so the JVM still uses the read-ahead bytes.
   */
  private static final class RandomState {
    private final byte[] readAhead;
    private final byte[] mixer;
    private final byte[] remainder;
    private final Object used;

    private RandomState(byte[] readAhead, Object mixer) throws ReflectiveOperationException {
      this.readAhead = readAhead;
      this.mixer = ((byte[]) get(mixer, "state")).clone();
      this.remainder = ((byte[]) get(mixer, "remainder")).clone();
      this.used = get(mixer, "remCount");
    }

    static RandomState with(int readAhead) throws ReflectiveOperationException {
      return new RandomState(bytes(readAhead), get(source(), "mixRandom"));
    }

    void restore() throws ReflectiveOperationException {
      var source = source();
      set(source, "nextBuffer", readAhead.clone());
      set(source, "buffered", readAhead.length);
      set(source, "lastRead", Long.MAX_VALUE);
      var itsMixer = get(source, "mixRandom");
      set(itsMixer, "state", mixer.clone());
      set(itsMixer, "remainder", remainder.clone());
      set(itsMixer, "remCount", used);
    }

    private static Object source() throws ReflectiveOperationException {
      var instance = Class.forName("sun.security.provider.NativePRNG").getDeclaredField("INSTANCE");
      instance.setAccessible(true);
      return instance.get(null);
    }

    private static Object get(Object owner, String name) throws ReflectiveOperationException {
      return field(owner, name).get(owner);
    }

    private static void set(Object owner, String name, Object value)
        throws ReflectiveOperationException {
      field(owner, name).set(owner, value);
    }

    private static Field field(Object owner, String name) throws ReflectiveOperationException {
      var field = owner.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field;
    }
  }
}
