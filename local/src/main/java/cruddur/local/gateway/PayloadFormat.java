package cruddur.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import cruddur.local.lambda.HttpRequest;
import cruddur.local.lambda.HttpResponse;
import cruddur.local.template.Json;
import cruddur.local.template.LocalAccount;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The events and responses of an HTTP API's functions in payload format 2.0, as "Create AWS Lambda
 * proxy integrations for HTTP APIs" in the API Gateway developer guide shows them.
 */
final class PayloadFormat {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** The content types whose bodies the function gets as text. It gets all others as base64. */
  private static final Pattern TEXT =
      Pattern.compile(
          "text/.*|application/([^;]*\\+)?(json|xml|javascript)\\b.*", Pattern.CASE_INSENSITIVE);

  /** The headers that the gateway sets; a function's are ignored. */
  private static final Set<String> RESERVED =
      Set.of("connection", "content-length", "date", "transfer-encoding");

  private PayloadFormat() {}

  /**
   * Makes the event of a request.
   *
   * @param id of the request
   * @param authorizer the authorizer's part of the request context; empty on an open route
   */
  static byte[] event(
      HttpRequest request, String id, Routes.Match match, Optional<ObjectNode> authorizer) {
    var event = Json.object();
    event.put("version", "2.0");
    event.put("routeKey", match.route().key());
    event.put("rawPath", request.path());
    event.put("rawQueryString", request.rawQuery());
    if (!request.cookies().isEmpty()) {
      request.cookies().forEach(event.putArray("cookies")::add);
    }
    put(event, "headers", headers(request));
    put(event, "queryStringParameters", request.queryParameters());
    event.set("requestContext", context(request, id, match, authorizer));
    put(event, "pathParameters", match.pathParameters());
    putBody(event, request);
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ObjectNode event, String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      var object = event.putObject(name);
      values.forEach(object::put);
    }
  }

  private static Map<String, String> headers(HttpRequest request) {
    var headers = new TreeMap<>(request.headers());
    headers.merge(
        "x-forwarded-for", request.sourceAddress(), (earlier, last) -> earlier + ", " + last);
    headers.put("x-forwarded-port", Integer.toString(request.port()));
    headers.put("x-forwarded-proto", "http");
    headers.put("x-amzn-trace-id", trace());
    headers.putIfAbsent("content-length", "0");
    return headers;
  }

  /** An X-Ray trace header with {@code Sampled=0}. */
  private static String trace() {
    return "Root=1-%08x-%s;Sampled=0"
        .formatted(Instant.now().getEpochSecond(), hexadecimal().substring(0, 24));
  }

  /** A new id for a request: 15 characters and an equals sign. */
  static String requestId() {
    return hexadecimal().substring(0, 15) + "=";
  }

  private static String hexadecimal() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static ObjectNode context(
      HttpRequest request, String id, Routes.Match match, Optional<ObjectNode> authorizer) {
    var time = Instant.now();
    var host = request.header("host").orElse("localhost").replaceFirst(":\\d+$", "");
    var context = Json.object();
    context.put("accountId", LocalAccount.ACCOUNT);
    context.put("apiId", "local");
    authorizer.ifPresent(values -> context.set("authorizer", values));
    context.put("domainName", host);
    context.put("domainPrefix", host.replaceFirst("\\..*", ""));
    context
        .putObject("http")
        .put("method", request.method())
        .put("path", request.path())
        .put("protocol", request.protocol())
        .put("sourceIp", request.sourceAddress())
        .put("userAgent", request.header("user-agent").orElse(""));
    context.put("requestId", id);
    context.put("routeKey", match.route().key());
    context.put("stage", "$default");
    context.put("time", TIME.format(time));
    context.put("timeEpoch", time.toEpochMilli());
    return context;
  }

  private static void putBody(ObjectNode event, HttpRequest request) {
    var text =
        request
            .header("content-type")
            .filter(type -> TEXT.matcher(type).matches())
            .flatMap(_ -> text(request.body()));
    if (request.body().length > 0) {
      event.put("body", text.orElseGet(() -> Base64.getEncoder().encodeToString(request.body())));
    }
    event.put("isBase64Encoded", request.body().length > 0 && text.isEmpty());
  }

  /** Bytes as text; empty when they are not UTF-8. */
  private static Optional<String> text(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  /**
   * Reads a function's response in payload format 2.0: an object with a status code, or any other
   * JSON, which is then the body.
   */
  static HttpResponse response(byte[] payload) {
    var response = Json.parse(payload);
    if (response.isMissingNode()) {
      return malformed();
    }
    if (!response.has("statusCode")) {
      return HttpResponse.json(200, response.isTextual() ? response.asText() : response.toString());
    }
    var status = response.path("statusCode").asInt(0);
    var body = response.path("body");
    if (status < 200 || status > 599 || body.isContainerNode()) {
      return malformed();
    }
    try {
      return new HttpResponse(status, responseHeaders(response), bytes(response, body));
    } catch (IllegalArgumentException _) {
      return malformed();
    }
  }

  private static HttpResponse malformed() {
    return HttpResponse.message(500, "Internal Server Error");
  }

  private static Map<String, List<String>> responseHeaders(JsonNode response) {
    var headers = new LinkedHashMap<String, List<String>>();
    headers.put("content-type", List.of("text/plain;charset=UTF-8"));
    for (var header : response.path("headers").properties()) {
      var name = header.getKey().toLowerCase(Locale.ROOT);
      if (!RESERVED.contains(name)) {
        headers.put(name, List.of(header.getValue().asText()));
      }
    }
    var cookies = new ArrayList<String>();
    response.path("cookies").forEach(cookie -> cookies.add(cookie.asText()));
    if (!cookies.isEmpty()) {
      headers.put("set-cookie", cookies);
    }
    return headers;
  }

  private static byte[] bytes(JsonNode response, JsonNode body) {
    var text = body.isNull() ? "" : body.asText();
    return response.path("isBase64Encoded").asBoolean()
        ? Base64.getDecoder().decode(text)
        : text.getBytes(StandardCharsets.UTF_8);
  }
}
