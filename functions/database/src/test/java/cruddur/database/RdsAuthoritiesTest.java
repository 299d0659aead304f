package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RdsAuthoritiesTest {
  private static final Duration A_YEAR = Duration.ofDays(365);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cruddur.abcdefghijkl.us-east-1.rds.amazonaws.com",
        "cruddur.cluster-abcdefghijkl.us-east-1.rds.amazonaws.com"
      })
  void trustsTheAuthoritiesOfTheHostsRegion(String host) throws Exception {
    assertEquals(
        List.of(
            "amazon rds us-east-1 root ca ecc384 g1",
            "amazon rds us-east-1 root ca rsa2048 g1",
            "amazon rds us-east-1 root ca rsa4096 g1"),
        names(host));
  }

  @Test
  void trustsAmazonsRootsForAProxy() throws Exception {
    assertEquals(
        List.of(
            "amazon root ca 1",
            "amazon root ca 2",
            "amazon root ca 3",
            "amazon root ca 4",
            "starfield services root certificate authority - g2"),
        names("cruddur.proxy-abcdefghijkl.eu-central-1.rds.amazonaws.com"));
  }

  @Test
  void signForHostsOfRdsAlone() {
    assertTrue(RdsAuthorities.signFor("a.b.ap-southeast-2.rds.amazonaws.com"));
    for (var host : List.of("localhost", "127.0.0.1", "a.us-east-1.rds.amazonaws.com.evil.com")) {
      assertEquals(false, RdsAuthorities.signFor(host));
    }
    assertThrows(IllegalArgumentException.class, () -> RdsAuthorities.of("localhost"));
  }

  @Test
  void namesEachCertificateAsItNamesItself() throws Exception {
    var names = bundle().lines().filter(line -> line.startsWith("# ")).toList();
    var certificates =
        List.copyOf(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(
                    new ByteArrayInputStream(
                        bundle().replaceAll("#.*\n", "").getBytes(StandardCharsets.US_ASCII))));
    assertEquals(92, names.size());
    for (var index = 0; index < names.size(); index++) {
      var certificate = (X509Certificate) certificates.get(index);
      var subject = certificate.getSubjectX500Principal().getName();
      assertTrue(subject.contains("CN=" + names.get(index).substring(2)), subject);
    }
  }

  /** When this fails, take the present bundle of AWS ("Using SSL/TLS", Amazon RDS User Guide). */
  @Test
  void noNeededCertificateExpiresWithinAYear() throws Exception {
    for (var host :
        List.of("a.b.us-east-1.rds.amazonaws.com", "a.proxy-b.us-east-1.rds.amazonaws.com")) {
      var store = RdsAuthorities.of(host);
      for (var name : Collections.list(store.aliases())) {
        var expiry = ((X509Certificate) store.getCertificate(name)).getNotAfter().toInstant();
        assertTrue(Instant.now().plus(A_YEAR).isBefore(expiry), name + " expires " + expiry);
      }
    }
  }

  private static List<String> names(String host) throws GeneralSecurityException, IOException {
    return Collections.list(RdsAuthorities.of(host).aliases()).stream().sorted().toList();
  }

  private static String bundle() throws IOException {
    try (InputStream stream = RdsAuthorities.class.getResourceAsStream("/rds-ca.pem")) {
      return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
