package cruddur.ingress;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * A proxy between the SDK and EC2. It passes requests on and counts them. On demand it does what
 * moto cannot: break, throttle, and respond in pages.
 */
final class Ec2Proxy {
  private static final Pattern ACTION = Pattern.compile("(?:^|&)Action=([A-Za-z]+)");
  private static final Pattern TOKEN = Pattern.compile("&NextToken=([0-9]+)");
  private static final Pattern SET =
      Pattern.compile("(?s)(.*<securityGroupRuleSet>)(.*)(</securityGroupRuleSet>)(.*)");

  /** What becomes of one request. */
  enum Fate {
    PASS,
    /** It never arrives. */
    LOSE,
    /** It is carried out, and the response never arrives. */
    LOSE_RESPONSE,
    THROTTLE
  }

  /** Chooses the fate of a request from its action and the number of earlier requests. */
  interface Behaviour {
    Fate of(String action, int before);
  }

  private record Response(int status, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI target;
  private final List<String> actions = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour = (_, _) -> Fate.PASS;
  private volatile int page;

  Ec2Proxy(URI target) {
    this.target = target;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Sets the count to zero, and the rule for the next requests. */
  void behave(Behaviour next) {
    actions.clear();
    behaviour = next;
  }

  void passAll() {
    page = 0;
    behave((_, _) -> Fate.PASS);
  }

  /** Returns lists of rules in pages of a size. */
  void pageBy(int rules) {
    page = rules;
  }

  /** The actions asked for since the last change of behaviour. */
  List<String> actions() {
    return new ArrayList<>(actions);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var matcher = ACTION.matcher(body);
      var action = matcher.find() ? matcher.group(1) : "";
      Fate fate;
      synchronized (this) {
        fate = behaviour.of(action, actions.size());
        actions.add(action);
      }
      switch (fate) {
        case PASS -> {
          var response = forward(exchange, body);
          send(exchange, response.status(), response.body());
        }
        case LOSE -> {}
        case LOSE_RESPONSE -> forward(exchange, body);
        case THROTTLE -> throttle(exchange);
      }
    }
  }

  private Response forward(HttpExchange exchange, String body) throws IOException {
    var request =
        HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofString(body));
    for (var header : List.of("Authorization", "Content-Type", "X-Amz-Date")) {
      var value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        request.header(header, value);
      }
    }
    try {
      var response = client.send(request.build(), BodyHandlers.ofString());
      return new Response(
          response.statusCode(),
          page == 0 ? response.body() : cut(response.body(), from(body), page));
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IOException(failure);
    }
  }

  private static void throttle(HttpExchange exchange) throws IOException {
    send(
        exchange,
        503,
        "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded."
            + "</Message></Error></Errors><RequestID>1</RequestID></Response>");
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", "text/xml");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Cuts a page out of a list of rules. */
  private static String cut(String xml, int from, int size) {
    var parts = SET.matcher(xml);
    if (!parts.matches()) {
      return xml;
    }
    var items = topLevelItems(parts.group(2));
    var to = Math.min(from + size, items.size());
    var next = to < items.size() ? "<nextToken>" + to + "</nextToken>" : "";
    return parts.group(1)
        + String.join("", items.subList(from, to))
        + parts.group(3)
        + next
        + parts.group(4);
  }

  /** Items hold items: their tags. */
  private static List<String> topLevelItems(String xml) {
    var items = new ArrayList<String>();
    var depth = 0;
    var start = 0;
    var tags = Pattern.compile("<(/?)item>").matcher(xml);
    while (tags.find()) {
      if (tags.group(1).isEmpty()) {
        if (depth++ == 0) {
          start = tags.start();
        }
      } else if (--depth == 0) {
        items.add(xml.substring(start, tags.end()));
      }
    }
    return items;
  }

  private static int from(String body) {
    var token = TOKEN.matcher(body);
    return token.find() ? Integer.parseInt(token.group(1)) : 0;
  }
}
