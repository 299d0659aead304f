package cruddur.database;

import cruddur.postgres.FileTree;
import cruddur.postgres.Postgres;
import cruddur.testbed.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * The servers that this module's tests share. They start when first used, and stop with the JVM.
 */
final class SharedFixture {
  private SharedFixture() {}

  /** A server without TLS. */
  static Postgres postgres() {
    return Plain.SERVER;
  }

  /** A server with TLS and SCRAM, and its role u with the password p. */
  static Postgres tls() {
    return Secure.SERVER;
  }

  /** The folder of that server's certificates: {@code ca.pem} and {@code server.pem}. */
  static Path certificates() {
    return Secure.FOLDER;
  }

  private static final class Plain {
    private static final Postgres SERVER = stopLast(Postgres.temporary());
  }

  private static final class Secure {
    private static final Path FOLDER = certify();
    private static final Postgres SERVER = start();

    private static Path certify() {
      try {
        var folder = Files.createTempDirectory("cruddur-certificates-");
        Tls.certify(folder, "localhost");
        return folder;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    private static Postgres start() {
      try {
        var server = stopLast(Tls.startPostgres(FOLDER));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> FileTree.delete(FOLDER)));
        server.execute("create role u login password 'p'");
        return server;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } catch (SQLException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }

  private static Postgres stopLast(Postgres server) {
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    return server;
  }
}
