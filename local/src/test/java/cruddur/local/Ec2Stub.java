package cruddur.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * An EC2 API that has one rule of the updater's, expired, until it is revoked. It answers as
 * "DescribeSecurityGroupRules" and "RevokeSecurityGroupIngress" in the Amazon EC2 API Reference.
 */
final class Ec2Stub implements AutoCloseable {
  private final HttpServer server;
  private volatile String rules = "";

  /** Starts serving on a free port. */
  Ec2Stub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Adds the rule, which expired two hours ago. */
  void addExpired() {
    var expiresAt = Instant.now().minus(Duration.ofHours(2));
    rules =
        """
        <item><securityGroupRuleId>sgr-1</securityGroupRuleId><groupId>sg-1</groupId>
        <isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>5432</fromPort>
        <toPort>5432</toPort><cidrIpv4>8.8.4.4/32</cidrIpv4><tagSet>%s%s</tagSet></item>
        """
            .formatted(
                tag("opened-by", "test"), tag("lease:laptop:1", expiresAt + " administrator test"));
  }

  private static String tag(String name, String value) {
    return "<item><key>cruddur:%s</key><value>%s</value></item>".formatted(name, value);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var action = body.replaceFirst("(?s).*?Action=(\\w+).*", "$1");
      var content =
          switch (action) {
            case "DescribeSecurityGroupRules" ->
                "<securityGroupRuleSet>" + rules + "</securityGroupRuleSet>";
            case "RevokeSecurityGroupIngress" -> {
              rules = "";
              yield "<return>true</return>";
            }
            default -> throw new IOException("not emulated: " + action);
          };
      var answer = "<%1$sResponse>%2$s</%1$sResponse>".formatted(action, content);
      var bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", "text/xml");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
