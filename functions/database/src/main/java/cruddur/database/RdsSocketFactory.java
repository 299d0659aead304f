package cruddur.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.postgresql.PGProperty;
import org.postgresql.ssl.WrappedFactory;

/**
 * TLS that trusts the certificate authorities of RDS and no others: those of the host's region, or,
 * for RDS Proxy, Amazon's own roots. They come from {@code rds-ca.pem}, in which a line above each
 * certificate has its name; reading only the needed ones spares most of the time. pgjdbc makes this
 * by its name, which is why it is public.
 */
public final class RdsSocketFactory extends WrappedFactory {
  // Names of instances, clusters and proxies: Amazon RDS User Guide, "Finding the connection
  // information".
  private static final Pattern RDS_HOST =
      Pattern.compile(".+\\.(proxy-)?[^.]+\\.([a-z]{2}(?:-[a-z]+)+-\\d)\\.rds\\.amazonaws\\.com");
  private static final String HEADING = "# ";
  private static final String END = "-----END CERTIFICATE-----";

  /**
   * Made for one connection.
   *
   * @param properties of the connection, with its host
   * @throws GeneralSecurityException if the certificates cannot be used
   * @throws IOException if they cannot be read
   */
  public RdsSocketFactory(Properties properties) throws GeneralSecurityException, IOException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities(String.valueOf(PGProperty.PG_HOST.getOrDefault(properties))));
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    factory = context.getSocketFactory();
  }

  /** True if a host is one whose certificate these authorities sign. */
  static boolean isFor(String host) {
    return RDS_HOST.matcher(host).matches();
  }

  static KeyStore authorities(String host) throws GeneralSecurityException, IOException {
    var match = RDS_HOST.matcher(host);
    if (!match.matches()) {
      throw new IllegalArgumentException("not a host of RDS: " + host);
    }
    var wanted = match.group(1) == null ? "RDS " + match.group(2) + " Root CA" : "Root C";
    var certificates = CertificateFactory.getInstance("X.509");
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    var bundle = bundle();
    var heading = bundle.indexOf(HEADING);
    while (heading >= 0) {
      var name = bundle.substring(heading + HEADING.length(), bundle.indexOf('\n', heading));
      if (name.contains(wanted) && (match.group(1) == null || !name.contains(" RDS "))) {
        var text = bundle.substring(heading, bundle.indexOf(END, heading) + END.length());
        var pem = text.substring(text.indexOf('\n') + 1).getBytes(StandardCharsets.US_ASCII);
        store.setCertificateEntry(
            name, certificates.generateCertificate(new ByteArrayInputStream(pem)));
      }
      heading = bundle.indexOf(HEADING, heading + HEADING.length());
    }
    return store;
  }

  private static String bundle() throws IOException {
    try (InputStream stream = RdsSocketFactory.class.getResourceAsStream("/rds-ca.pem")) {
      if (stream == null) {
        throw new IOException("rds-ca.pem is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
