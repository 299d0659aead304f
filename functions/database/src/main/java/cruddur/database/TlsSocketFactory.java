package cruddur.database;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.postgresql.PGProperty;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.ssl.WrappedFactory;
import org.postgresql.util.PSQLException;

/**
 * TLS to a server: a host of RDS is trusted by its authorities and no others, any other host as
 * pgjdbc's settings say. Certificates of clients are not for this.
 *
 * <p>Offers one key exchange and one cipher suite, those that cost a young JVM the least (to the
 * first answer 400 ms, not 470, by {@code bin/bench cold} with and without this): X25519 (RFC 7748)
 * alone, since beside it the JDK would make a key of P-256, which first fills a table by code that
 * is not compiled yet; and ChaCha20-Poly1305 (RFC 8439), since AES is slow until the second
 * compiler has had it. A server may refuse these; then {@link Connector} asks for {@link #ALL}.
 *
 * <p>pgjdbc makes this by its name, which is why it is public.
 */
public final class TlsSocketFactory extends WrappedFactory {
  // With a JDK that has them, the hybrid groups of JEP 527 belong here.
  private static final String[] GROUPS = {"x25519"};
  private static final String[] CIPHER_SUITES = {"TLS_CHACHA20_POLY1305_SHA256"};

  /** As pgjdbc's {@code sslfactoryarg}: lets it offer all that the JDK has. */
  static final String ALL = "all";

  private final boolean offersAll;

  /**
   * Made for one connection.
   *
   * @param properties of the connection, with its host and perhaps {@link #ALL}
   * @throws GeneralSecurityException if the certificates cannot be used
   * @throws IOException if they cannot be read
   * @throws PSQLException if pgjdbc's settings are wrong
   */
  public TlsSocketFactory(Properties properties)
      throws GeneralSecurityException, IOException, PSQLException {
    offersAll = ALL.equals(PGProperty.SSL_FACTORY_ARG.getOrDefault(properties));
    var host = String.valueOf(PGProperty.PG_HOST.getOrDefault(properties));
    factory = RdsAuthorities.signFor(host) ? trustingRds(host) : new LibPQFactory(properties);
  }

  private static SSLSocketFactory trustingRds(String host)
      throws GeneralSecurityException, IOException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(RdsAuthorities.of(host));
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    var tls = super.createSocket(socket, host, port, autoClose);
    if (tls instanceof SSLSocket ours && !offersAll) {
      var parameters = ours.getSSLParameters();
      parameters.setNamedGroups(GROUPS);
      parameters.setCipherSuites(CIPHER_SUITES);
      ours.setSSLParameters(parameters);
    }
    return tls;
  }
}
