package cruddur.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The event of an HTTP API in payload format 2.0, as "Create AWS Lambda proxy integrations for HTTP
 * APIs" in the API Gateway developer guide shows it.
 */
final class GatewayEvent {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** The content types whose bodies arrive as text; all others, and none, as base64. */
  private static final Pattern TEXT =
      Pattern.compile(
          "text/.*|application/([^;]*\\+)?(json|xml|javascript)\\b.*", Pattern.CASE_INSENSITIVE);

  private GatewayEvent() {}

  /**
   * Makes the event of a request.
   *
   * @param authorizer the authorizer's part of the request context; empty on an open route
   */
  static byte[] of(GatewayRequest request, Routes.Match match, Optional<ObjectNode> authorizer) {
    var event = Json.object();
    event.put("version", "2.0");
    event.put("routeKey", match.route().key());
    event.put("rawPath", request.path());
    event.put("rawQueryString", request.rawQuery());
    if (!request.cookies().isEmpty()) {
      request.cookies().forEach(event.putArray("cookies")::add);
    }
    put(event, "headers", request.headers());
    put(event, "queryStringParameters", request.queryParameters());
    event.set("requestContext", context(request, match, authorizer));
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

  private static ObjectNode context(
      GatewayRequest request, Routes.Match match, Optional<ObjectNode> authorizer) {
    var host = request.header("host").orElse("localhost").replaceFirst(":\\d+$", "");
    var context = Json.object();
    context.put("accountId", Machine.ACCOUNT);
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
    context.put("requestId", request.id());
    context.put("routeKey", match.route().key());
    context.put("stage", "$default");
    context.put("time", TIME.format(request.time()));
    context.put("timeEpoch", request.time().toEpochMilli());
    return context;
  }

  private static void putBody(ObjectNode event, GatewayRequest request) {
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
    } catch (CharacterCodingException malformed) {
      return Optional.empty();
    }
  }
}
