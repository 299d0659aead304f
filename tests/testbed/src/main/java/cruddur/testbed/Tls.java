package cruddur.testbed;

import cruddur.postgres.Postgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Certificates of a test authority, and servers that use them. */
public final class Tls {
  private Tls() {}

  /**
   * Makes {@code ca.pem} and a certificate for a host name: {@code server.pem} with {@code
   * server.key}.
   *
   * @throws IOException if openssl fails
   */
  public static void certify(Path folder, String host) throws IOException {
    var authority = "-subj /CN=Test-authority -days 2 -nodes -newkey rsa:2048";
    openssl(folder, "req -x509 " + authority + " -keyout ca.key -out ca.pem");
    openssl(
        folder, "req -new -subj /CN=x -nodes -newkey rsa:2048 -keyout server.key -out server.csr");
    Files.writeString(folder.resolve("names"), "subjectAltName=DNS:" + host);
    openssl(
        folder,
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
            + " -extfile names -out server.pem");
  }

  private static void openssl(Path folder, String arguments) throws IOException {
    var command = new ArrayList<String>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(output);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  /**
   * A TLS context with that certificate for a server in Java.
   *
   * @throws IOException if openssl fails
   */
  public static SSLContext context(Path folder) throws IOException {
    var password = "none".toCharArray();
    openssl(
        folder,
        "pkcs12 -export -in server.pem -inkey server.key -passout pass:none -out server.p12");
    try {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(KeyStore.getInstance(folder.resolve("server.p12").toFile(), password), password);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The SHA-256 hash of the certificate's public key, in base64. With it, Chromium's option {@code
   * --ignore-certificate-errors-spki-list} trusts this certificate alone.
   *
   * @throws IOException if there is no certificate
   */
  public static String publicKeyHash(Path folder) throws IOException {
    try (var file = Files.newInputStream(folder.resolve("server.pem"))) {
      var certificate = CertificateFactory.getInstance("X.509").generateCertificate(file);
      var hash =
          MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded());
      return Base64.getEncoder().encodeToString(hash);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Starts a server where every role but the superuser needs TLS and a password, checked by SCRAM.
   */
  public static Postgres startPostgres(Path folder) throws IOException {
    return startPostgres(folder, "scram-sha-256");
  }

  /**
   * Starts a server where every role but the superuser needs TLS.
   *
   * @param method how they sign in, as in {@code pg_hba.conf}; {@code password} sends the password
   *     itself through TLS, as RDS needs for an IAM token
   */
  public static Postgres startPostgres(Path folder, String method) throws IOException {
    return startPostgres(folder, method, Map.of());
  }

  /** Starts such a server with further settings of {@code postgresql.conf}. */
  public static Postgres startPostgres(Path folder, String method, Map<String, String> settings)
      throws IOException {
    var rules = folder.resolve("hba.conf");
    Files.writeString(
        rules,
        "host all postgres 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 " + method + "\n");
    var all = new HashMap<>(settings);
    all.put("ssl", "on");
    all.put("ssl_cert_file", folder.resolve("server.pem").toString());
    all.put("ssl_key_file", folder.resolve("server.key").toString());
    all.put("hba_file", rules.toString());
    return Postgres.temporary(all);
  }
}
