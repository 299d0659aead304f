package cruddur.database;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * The credentials of a function's own role. Under SnapStart, Lambda has them at a local address,
 * since snapshots outlive any key; otherwise they are environment variables (AWS Lambda Developer
 * Guide, "Activating and managing Lambda SnapStart"; AWS SDKs and Tools Reference Guide, "Container
 * credential provider").
 */
final class LambdaCredentials {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final Map<String, String> environment;

  LambdaCredentials(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * The credentials that are valid now.
   *
   * @throws IOException if there are none, or their address does not answer
   */
  AwsCredentialsIdentity current() throws IOException {
    var address = environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    return address == null
        ? identity(environment, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        : identity(fetch(address), "AccessKeyId", "SecretAccessKey", "Token");
  }

  private Map<String, String> fetch(String address) throws IOException {
    var connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
    // No test covers these timeouts: it would wait for an address that does not answer.
    connection.setConnectTimeout(Math.toIntExact(TIMEOUT.toMillis()));
    connection.setReadTimeout(Math.toIntExact(TIMEOUT.toMillis()));
    connection.setRequestProperty(
        "Authorization", environment.getOrDefault("AWS_CONTAINER_AUTHORIZATION_TOKEN", ""));
    var members = new HashMap<String, String>();
    try (var parser = new JsonFactory().createParser(connection.getInputStream())) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
          members.put(parser.currentName(), parser.getText());
        }
      }
    }
    return members;
  }

  private static AwsCredentialsIdentity identity(
      Map<String, String> values, String keyName, String secretName, String tokenName)
      throws IOException {
    var key = values.get(keyName);
    var secret = values.get(secretName);
    var token = values.get(tokenName);
    if (key == null || secret == null) {
      throw new IOException("no AWS credentials to sign in to the database with");
    }
    return token == null
        ? AwsCredentialsIdentity.create(key, secret)
        : AwsSessionCredentialsIdentity.create(key, secret, token);
  }
}
