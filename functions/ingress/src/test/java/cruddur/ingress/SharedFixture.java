package cruddur.ingress;

import cruddur.database.Database;
import cruddur.postgres.Postgres;
import org.jspecify.annotations.Nullable;

/** The servers that this module's tests share, as they start slowly. They stop with the JVM. */
final class SharedFixture {
  private static @Nullable Moto moto;

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

  /** A proxy before the EC2 API, which passes all requests at first. */
  static Ec2Proxy proxy() {
    moto();
    Network.PROXY.passAll();
    return Network.PROXY;
  }

  static Postgres postgres() {
    return Server.POSTGRES;
  }

  /** As the function has it. */
  static Database database() {
    return Server.DATABASE;
  }

  private static final class Network {
    private static final Ec2Proxy PROXY = new Ec2Proxy(moto().endpoint());
  }

  private static final class Server {
    private static final Postgres POSTGRES = Postgres.temporary();
    private static final Database DATABASE = new Database(POSTGRES.url("cruddur_ingress"));

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(POSTGRES::close));
    }
  }
}
