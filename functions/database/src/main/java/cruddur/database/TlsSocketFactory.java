package cruddur.database;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.ssl.WrappedFactory;
import org.postgresql.util.PSQLException;

/**
 * TLS to a server. For a host of RDS, only RDS's authorities are trusted; for any other host,
 * pgjdbc's settings decide. Client certificates are not supported.
 *
 * <p>The trusted certificates are read once for each process, so a snapshot has them and a restored
 * copy parses none. A file of certificates that changes is read again by the next process.
 *
 * <p>All copies of a snapshot have the same state, and none of it is secret. The context's {@code
 * SecureRandom} holds no state of its own ({@code sun.security.provider.NativePRNG}). PostgreSQL
 * offers no session to resume: {@code SSL_OP_NO_TICKET} and {@code SSL_SESS_CACHE_OFF} in its
 * {@code src/backend/libpq/be-secure-openssl.c}. A proxy may offer a session, which the copies then
 * share; each resumption has new keys (RFC 8446, 2.2).
 *
 * <p>TLS_AES_256_GCM_SHA384 is not offered. A server with OpenSSL's defaults then chooses
 * ChaCha20-Poly1305, or AES-128 if it has no ChaCha20. C1, the only compiler that the template
 * allows, has no machine code for AES. A page of the feed takes 1.63 instead of 1.84 ms.
 *
 * <p>Public, since pgjdbc creates it by its name.
 */
public final class TlsSocketFactory extends WrappedFactory {
  /** The first choice of a server with OpenSSL's defaults. */
  private static final String AES_256 = "TLS_AES_256_GCM_SHA384";

  private static final Map<Trust, SSLSocketFactory> FACTORIES = new ConcurrentHashMap<>();

  /**
   * A factory for one connection.
   *
   * @param properties of the connection, with its host
   * @throws GeneralSecurityException if the certificates cannot be used
   * @throws IOException if they cannot be read
   * @throws PSQLException if pgjdbc's settings are wrong
   */
  public TlsSocketFactory(Properties properties)
      throws GeneralSecurityException, IOException, PSQLException {
    var trust = Trust.of(properties);
    var kept = FACTORIES.get(trust);
    if (kept == null) {
      kept =
          RdsAuthorities.signFor(trust.host()) ? rds(trust.host()) : new LibPQFactory(properties);
      FACTORIES.put(trust, kept);
    }
    factory = kept;
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    var tls = super.createSocket(socket, host, port, autoClose);
    if (tls instanceof SSLSocket client) {
      client.setEnabledCipherSuites(
          Arrays.stream(client.getEnabledCipherSuites())
              .filter(suite -> !suite.equals(AES_256))
              .toArray(String[]::new));
    }
    return tls;
  }

  private static SSLSocketFactory rds(String host) throws GeneralSecurityException, IOException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(RdsAuthorities.of(host));
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  /** The properties that decide which certificates are trusted. */
  private record Trust(String host, @Nullable String sslMode, @Nullable String rootCertificates) {
    static Trust of(Properties properties) {
      return new Trust(
          String.valueOf(PGProperty.PG_HOST.getOrDefault(properties)),
          PGProperty.SSL_MODE.getOrDefault(properties),
          PGProperty.SSL_ROOT_CERT.getOrDefault(properties));
    }
  }
}
