package cruddur.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.regex.Pattern;

/**
 * The certificate authorities of RDS: those of a host's region, or, for RDS Proxy, Amazon's own
 * roots. They come from {@code rds-ca.pem}, in which a line above each certificate has its name.
 * Only the needed ones are parsed, which takes a fraction of the time.
 */
final class RdsAuthorities {
  // Names of instances, clusters and proxies: Amazon RDS User Guide, "Finding the connection
  // information".
  private static final Pattern RDS_HOST =
      Pattern.compile(".+\\.(proxy-)?[^.]+\\.([a-z]{2}(?:-[a-z]+)+-\\d)\\.rds\\.amazonaws\\.com");
  private static final String HEADING = "# ";
  private static final String END = "-----END CERTIFICATE-----";

  private RdsAuthorities() {}

  /** True if a host is one whose certificate they sign. */
  static boolean signFor(String host) {
    return RDS_HOST.matcher(host).matches();
  }

  /**
   * The authorities that sign a host's certificate.
   *
   * @throws IllegalArgumentException if it is not a host of RDS
   */
  static KeyStore of(String host) throws GeneralSecurityException, IOException {
    var match = RDS_HOST.matcher(host);
    if (!match.matches()) {
      throw new IllegalArgumentException("not a host of RDS: " + host);
    }
    // The names of Amazon's own roots have "Root CA" or "Root Certificate Authority".
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
        // The factory skips the heading (sun.security.provider.X509Factory).
        var pem = new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
        store.setCertificateEntry(name, certificates.generateCertificate(pem));
      }
      heading = bundle.indexOf(HEADING, heading + HEADING.length());
    }
    return store;
  }

  private static String bundle() throws IOException {
    try (InputStream stream = RdsAuthorities.class.getResourceAsStream("/rds-ca.pem")) {
      if (stream == null) {
        throw new IOException("rds-ca.pem is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
