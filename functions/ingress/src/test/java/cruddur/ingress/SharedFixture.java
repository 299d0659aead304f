package cruddur.ingress;

import cruddur.postgres.Postgres;
import org.jspecify.annotations.Nullable;

/** The servers that this module's tests share, as they start slowly. They stop with the JVM. */
final class SharedFixture {
  private static @Nullable Moto moto;
  private static @Nullable Postgres postgres;

  private SharedFixture() {}

  /** The EC2 API; a test that needs it is skipped where there is none. */
  static synchronized Moto moto() {
    var running = moto;
    if (running == null) {
      running = Moto.start();
      moto = running;
      Runtime.getRuntime().addShutdownHook(new Thread(running::close));
    }
    return running;
  }

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
