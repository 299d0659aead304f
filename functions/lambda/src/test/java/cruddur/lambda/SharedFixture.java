package cruddur.lambda;

import cruddur.postgres.Postgres;
import org.jspecify.annotations.Nullable;

/** The server that this module's tests share. It stops with the JVM. */
final class SharedFixture {
  private static @Nullable Postgres postgres;

  private SharedFixture() {}

  static synchronized Postgres postgres() {
    var running = postgres;
    if (running == null) {
      running = Postgres.temporary();
      postgres = running;
      Runtime.getRuntime().addShutdownHook(new Thread(running::close));
    }
    return running;
  }
}
