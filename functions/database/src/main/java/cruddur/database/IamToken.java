package cruddur.database;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/**
 * The token that a role of RDS uses as its password: a signed URL, valid for 15 minutes (Amazon RDS
 * User Guide, "IAM database authentication"). Signing needs no network.
 */
final class IamToken {
  private static final Duration VALIDITY = Duration.ofMinutes(15);

  private final LambdaCredentials credentials;
  private final String region;
  private final Clock clock;

  IamToken(LambdaCredentials credentials, String region, Clock clock) {
    this.credentials = credentials;
    this.region = region;
    this.clock = clock;
  }

  /**
   * Signs a token for the database and user of a URL.
   *
   * @throws IOException if there are no credentials
   */
  String sign(ConnectionUrl url) throws IOException {
    var identity = credentials.current();
    var request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.GET)
            .protocol("https")
            .host(url.uriHost())
            .port(url.port())
            .encodedPath("/")
            .putRawQueryParameter("Action", "connect")
            .putRawQueryParameter("DBUser", url.user())
            .build();
    var signed =
        AwsV4HttpSigner.create()
            .sign(
                signing ->
                    signing
                        .identity(identity)
                        .request(request)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "rds-db")
                        .putProperty(
                            AwsV4FamilyHttpSigner.AUTH_LOCATION,
                            AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, VALIDITY));
    return signed.request().getUri().toString().substring("https://".length());
  }
}
