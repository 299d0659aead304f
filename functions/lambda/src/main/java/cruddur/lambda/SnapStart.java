package cruddur.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import cruddur.database.Database;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * The hooks before and after the snapshot of an environment (AWS Lambda Developer Guide, "Implement
 * code before or after Lambda function snapshots"). Before the snapshot, whole calls run through
 * the real code, which loads and compiles it. They are rolled back. A line in the log has the
 * number of calls. If the database does not exist yet, the line says so, and the function starts
 * without priming. In both cases the connection is closed, so each restored copy opens its own.
 */
public final class SnapStart implements Resource {
  /** The first call loads the classes; after the others, the JVM has compiled them. */
  private static final int CALLS = 60;

  /** The limit of the priming calls, for which publishing waits. Lambda's own limit is 130 s. */
  private static final Duration LONGEST_PRIMING = Duration.ofSeconds(16);

  /** The length of the generator's state. */
  private static final int SEED_BYTES = 20;

  /** Strong references: {@code org.crac} holds its resources weakly. */
  private static final List<SnapStart> HOOKS = new ArrayList<>();

  /**
   * The classes that AWS's runtime client 2.10.1 and the JDK load between the restore and the first
   * response, by {@code -Xlog:class+load}.
   */
  private static final List<String> LOADED_LATE =
      List.of(
          "com.amazonaws.services.lambda.crac.DNSManager",
          "com.amazonaws.services.lambda.runtime.LambdaRuntimeInternal",
          "com.amazonaws.services.lambda.runtime.api.client.api.LambdaContext",
          "com.amazonaws.services.lambda.runtime.api.client.util.ConcurrencyConfig",
          "jdk.internal.event.ThreadSleepEvent",
          "software.amazon.awssdk.utilslite.SdkInternalThreadLocal",
          "sun.net.www.http.KeepAliveCache$ClientVector",
          "sun.net.www.http.KeepAliveEntry",
          "sun.net.www.protocol.http.EmptyInputStream",
          "sun.net.www.protocol.http.HttpURLConnection$HttpInputStream");

  private final RequestStreamHandler handler;
  private final Database database;
  private final String sample;

  SnapStart(RequestStreamHandler handler, Database database, String sample) {
    this.handler = handler;
    this.database = database;
    this.sample = sample;
  }

  /**
   * Registers the hooks of a function under SnapStart; elsewhere this does nothing.
   *
   * @param database the function's own
   * @param sample the event of the priming calls: a file of {@code events/}, on the class path
   */
  public static void register(RequestStreamHandler handler, Database database, String sample) {
    if ("snap-start".equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
      var hooks = new SnapStart(handler, database, sample);
      HOOKS.add(hooks);
      Core.getGlobalContext().register(hooks);
    }
  }

  /** Loads a class if it exists. After the restore, loading it would deoptimize compiled code. */
  private static void load(String name) {
    try {
      Class.forName(name);
    } catch (ClassNotFoundException _) {
      // Another version of the runtime client.
    }
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    var priming = new PrimingContext(LONGEST_PRIMING);
    try {
      var event = event();
      var calls = 0;
      for (; calls < CALLS && priming.isActive(); calls++) {
        database.prime(() -> call(event, priming));
      }
      // SnapStartTest of the benchmarks counts the classes that are loaded after a restore.
      LOADED_LATE.forEach(SnapStart::load);
      priming.logSuccess(calls);
    } catch (IOException | RuntimeException failure) {
      priming.log(Failures.describe(failure));
    } finally {
      // Also if no priming call ran: a connection may have been opened before.
      database.close();
    }
  }

  private void call(byte[] event, PrimingContext priming) {
    try {
      handler.handleRequest(
          new ByteArrayInputStream(event), OutputStream.nullOutputStream(), priming);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private byte[] event() throws IOException {
    try (InputStream stream = handler.getClass().getResourceAsStream("/events/" + sample)) {
      if (stream == null) {
        throw new IOException("events/" + sample + " is not on the class path");
      }
      return stream.readAllBytes();
    }
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    // All generators of the JVM have one state (sun.security.provider.NativePRNG): bytes that were
    // read ahead, and a generator that is mixed into them. A new seed changes that generator, and
    // so all later bytes.
    var random = new SecureRandom();
    random.setSeed(random.generateSeed(SEED_BYTES));
  }
}
