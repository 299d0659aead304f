package cruddur.lambda;

import cruddur.postgres.Postgres;

/** The server that this module's tests share. It stops with the JVM. */
final class SharedFixture {
  private static final Postgres POSTGRES = Postgres.temporary();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(POSTGRES::close));
  }

  private SharedFixture() {}

  static Postgres postgres() {
    return POSTGRES;
  }
}
