package cruddur.local.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import cruddur.local.cognito.Identity;
import cruddur.local.cognito.PageOrigins;
import cruddur.local.cognito.SignIns;
import cruddur.local.fixtures.SampleFunctions;
import cruddur.local.lambda.Functions;
import cruddur.local.template.Json;
import cruddur.testbed.Http;
import cruddur.testbed.RawHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpApiTest {
  private static final String ORIGIN = "http://page.example";
  private static final PageOrigins ORIGINS =
      PageOrigins.of(4567, Map.of("PAGE_ORIGIN", "https://forwarded.example"));

  @TempDir static Path folder;
  @AutoClose private static Functions functions;
  @AutoClose private static Identity identity;
  @AutoClose private static HttpApi api;

  @BeforeAll
  static void start() throws Exception {
    var template =
        SampleFunctions.template(
            folder,
            """
              HttpApi:
                Type: AWS::Serverless::HttpApi
                Properties:
                  CorsConfiguration:
                    AllowOrigins: [http://page.example]
                    AllowMethods: [GET, POST]
                    AllowHeaders: [authorization]
                    ExposeHeaders: [link]
                    MaxAge: 60
                  Auth:
                    EnableIamAuthorizer: true
                    Authorizers:
                      Pool:
                        IdentitySource: $request.header.Authorization
                        JwtConfiguration:
                          issuer: https://cognito.example
                          audience: [local]
            """,
            SampleFunctions.function(
                "EchoFunction",
                """
                MemorySize: 256
                Events:
                  Get: {Type: HttpApi, Properties: {ApiId: !Ref HttpApi, Method: GET, Path: "/echo/{thing}"}}
                  Put: {Type: HttpApi, Properties: {ApiId: !Ref HttpApi, Method: PUT, Path: "/echo/{thing}"}}
                  Post: {Type: HttpApi, Properties: {ApiId: !Ref HttpApi, Method: POST, Path: "/echo/{thing}"}}
                  Parts: {Type: HttpApi, Properties: {ApiId: !Ref HttpApi, Method: GET, Path: "/items/{id}/parts/{part}"}}
                  Own:
                    Type: HttpApi
                    Properties: {ApiId: !Ref HttpApi, Method: POST, Path: /own, Auth: {Authorizer: Pool}}
                  Signed:
                    Type: HttpApi
                    Properties: {ApiId: !Ref HttpApi, Method: PUT, Path: /signed, Auth: {Authorizer: AWS_IAM}}\
                """),
            SampleFunctions.function(
                "RespondFunction",
                """
                Events:
                  Post: {Type: HttpApi, Properties: {ApiId: !Ref HttpApi, Method: POST, Path: /respond}}\
                """),
            SampleFunctions.function(
                "FailFunction",
                """
                Events:
                  Fail: {Type: HttpApi, Properties: {ApiId: !Ref HttpApi, Method: GET, Path: /fail}}\
                """));
    Files.createDirectories(folder.resolve("web"));
    Files.writeString(folder.resolve("web/index.html"), "<p>home");
    Files.writeString(folder.resolve("web/package.json"), "{}");
    Files.createDirectories(folder.resolve("web/node_modules"));
    Files.writeString(folder.resolve("web/node_modules/library.js"), "1");
    Files.writeString(folder.resolve("web/.draft.html"), "draft");
    Files.writeString(folder.resolve("secret.html"), "secret");
    functions = SampleFunctions.functions(template, folder);
    identity = new Identity(new SignIns(functions), ORIGINS, 0);
    var files =
        new StaticFiles(
            folder.resolve("web"),
            "{\"api\":\"\"}".getBytes(StandardCharsets.UTF_8),
            Map.of("x-content-type-options", "nosniff"));
    api =
        new HttpApi(
            template.httpApi(),
            functions,
            identity.issuer(),
            ORIGINS.all(),
            files,
            identity::find,
            0);
  }

  @Test
  void makesTheEventThatApiGatewayMakes() throws Exception {
    var event =
        event(
            Http.send(
                "POST",
                address("/echo/a%20b?x=1&y=%C3%A9+&x=2&z"),
                "{\"é\":1}",
                "Content-Type",
                "application/json; charset=utf-8",
                "Cookie",
                "a=1; b=2",
                "X-Twice",
                "one",
                "X-Twice",
                "two",
                "User-Agent",
                "test"));
    assertEquals("2.0", event.path("version").asText());
    assertEquals("POST /echo/{thing}", event.path("routeKey").asText());
    assertEquals("/echo/a b", event.path("rawPath").asText());
    assertEquals("x=1&y=%C3%A9+&x=2&z", event.path("rawQueryString").asText());
    assertEquals("[\"a=1\",\"b=2\"]", event.path("cookies").toString());
    assertEquals(
        "{\"x\":\"1,2\",\"y\":\"é \",\"z\":\"\"}", event.path("queryStringParameters").toString());
    assertEquals("{\"thing\":\"a b\"}", event.path("pathParameters").toString());
    assertEquals("one,two", event.path("headers").path("x-twice").asText());
    assertFalse(event.path("headers").has("cookie"));
    assertEquals("{\"é\":1}", event.path("body").asText());
    assertFalse(event.path("isBase64Encoded").asBoolean());

    var context = event.path("requestContext");
    assertFalse(context.has("authorizer"));
    assertEquals("$default", context.path("stage").asText());
    assertEquals("127.0.0.1", context.path("domainName").asText());
    assertEquals(
        "{\"method\":\"POST\",\"path\":\"/echo/a b\",\"protocol\":\"HTTP/1.1\","
            + "\"sourceIp\":\"127.0.0.1\",\"userAgent\":\"test\"}",
        context.path("http").toString());
    assertTrue(
        context.path("time").asText().matches("\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000"),
        context.path("time").asText());
  }

  @Test
  void encodesWhatMayNotBeText() throws Exception {
    var text = "plain".getBytes(StandardCharsets.UTF_8);
    var bytes = new byte[] {(byte) 0xff, 0, 1};
    assertBody(text, true);
    assertBody(text, true, "Content-Type", "application/octet-stream");
    assertBody(bytes, true, "Content-Type", "application/json");
    assertBody(text, false, "Content-Type", "text/plain");
    assertBody(text, false, "Content-Type", "application/problem+json");
    assertBody(text, false, "Content-Type", "application/javascript");
    assertBody(text, false, "Content-Type", "application/xml");
  }

  private static void assertBody(byte[] body, boolean encoded, String... headers) throws Exception {
    var event = event(Http.send("PUT", address("/echo/x"), body, headers));
    assertEquals(encoded, event.path("isBase64Encoded").asBoolean(), String.join(" ", headers));
    assertEquals(
        encoded
            ? Base64.getEncoder().encodeToString(body)
            : new String(body, StandardCharsets.UTF_8),
        event.path("body").asText());
  }

  @Test
  void findsTheRouteAndItsPathParameters() throws Exception {
    var event = event(Http.get(address("/items/7/parts/x%20y")));
    assertEquals("GET /items/{id}/parts/{part}", event.path("routeKey").asText());
    assertEquals("{\"id\":\"7\",\"part\":\"x y\"}", event.path("pathParameters").toString());
    assertEquals(404, Http.get(address("/items/7")).statusCode());
    assertEquals("{\"message\":\"Not Found\"}", Http.get(address("/nothing")).body());
    assertEquals(404, Http.send("POST", address("/items/7/parts/8"), "").statusCode());
  }

  @Test
  void readsBothFormsOfAResponse() throws Exception {
    var full =
        respond(
            """
            {"statusCode": 201, "headers": {"Content-Type": "text/html", "X-Number": 5},
             "cookies": ["a=1", "b=2"], "body": "aGk=", "isBase64Encoded": true}\
            """);
    assertEquals(201, full.statusCode());
    assertEquals("hi", full.body());
    assertEquals("text/html", Http.header(full, "content-type"));
    assertEquals("5", Http.header(full, "x-number"));
    assertEquals(List.of("a=1", "b=2"), full.headers().allValues("set-cookie"));

    var bare = respond("[{\"a\": 1}]");
    assertEquals(200, bare.statusCode());
    assertEquals("[{\"a\":1}]", bare.body());
    assertEquals("application/json", Http.header(bare, "content-type"));

    assertEquals(204, respond("{\"statusCode\": 204, \"body\": \"lost\"}").statusCode());
    assertEquals(500, respond("{\"statusCode\": 1}").statusCode());
    assertEquals(500, respond("not json").statusCode());
    assertEquals("{\"message\":\"Internal Server Error\"}", Http.get(address("/fail")).body());
  }

  private static HttpResponse<String> respond(String response) throws Exception {
    return Http.send("POST", address("/respond"), response, "Content-Type", "text/plain");
  }

  @Test
  void allowsCallsWithAToken() throws Exception {
    var tokens = tokens(identity.issuer(), "Andrew+Brown");
    var access = event(own(tokens.path("access_token").asText()));
    var claims = access.path("requestContext").path("authorizer").path("jwt").path("claims");
    assertEquals(
        SignedJWT.parse(tokens.path("access_token").asText()).getJWTClaimsSet().getSubject(),
        claims.path("sub").asText());
    assertEquals("access", claims.path("token_use").asText());
    assertTrue(claims.path("exp").isTextual());
    assertTrue(
        access.path("requestContext").path("authorizer").path("jwt").path("scopes").isNull());

    var identity = event(own(tokens.path("id_token").asText()));
    claims = identity.path("requestContext").path("authorizer").path("jwt").path("claims");
    assertEquals("id", claims.path("token_use").asText());
    assertEquals("true", claims.path("email_verified").asText());
  }

  @Test
  void refusesCallsWithoutAToken() throws Exception {
    var missing = Http.send("POST", address("/own"), "");
    assertEquals(401, missing.statusCode());
    assertEquals("{\"message\":\"Unauthorized\"}", missing.body());
    assertEquals("Bearer", Http.header(missing, "www-authenticate"));

    var now = Instant.now();
    var good = claims("local", now.plusSeconds(60));
    assertEquals(200, own(signed(good)).statusCode());
    assertRefused(signed(claims("local", now.minusSeconds(1))));
    assertRefused(signed(claims("stranger", now.plusSeconds(60))));
    assertRefused(
        signed(new JWTClaimsSet.Builder(good).issuer("https://elsewhere.example").build()));
    assertRefused(
        signed(new JWTClaimsSet.Builder(good).issueTime(Date.from(now.plusSeconds(60))).build()));
    assertRefused(
        signed(
            new JWTClaimsSet.Builder(good).notBeforeTime(Date.from(now.plusSeconds(60))).build()));
    assertRefused(new PlainJWT(good).serialize());
    assertRefused("null");
    assertRefused("");

    var foreign = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), good);
    foreign.sign(new RSASSASigner(new RSAKeyGenerator(2048).generate()));
    assertRefused(foreign.serialize());
  }

  /** Known attacks: the token names its own key or algorithm. */
  @Test
  void refusesTokensThatNameTheirKeyOrAlgorithm() throws Exception {
    var good =
        new JWTClaimsSet.Builder(claims("local", Instant.now().plusSeconds(60)))
            .subject("sub-of-londo")
            .claim("username", "londo")
            .claim("token_use", "access")
            .build();
    var published =
        JWKSet.parse(Http.get(identity.issuer() + "/jwks").body()).getKeys().getFirst().toRSAKey();
    for (var secret :
        List.of(
            published.toRSAPublicKey().getEncoded(),
            published.toJSONString().getBytes(StandardCharsets.UTF_8),
            pem(published).getBytes(StandardCharsets.UTF_8))) {
      var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(published.getKeyID()).build();
      var symmetric = new SignedJWT(header, good);
      symmetric.sign(new MACSigner(secret));
      assertRefused(symmetric.serialize());
    }

    var mine = new RSAKeyGenerator(2048).keyID(published.getKeyID()).generate();
    var elsewhere = URI.create("http://127.0.0.1:" + api.port() + "/jwks");
    for (var header :
        List.of(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(published.getKeyID()),
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("unknown"),
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("../../dev/null"),
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("' or 1=1 --"),
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(mine.toPublicJWK()),
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwkURL(elsewhere),
            new JWSHeader.Builder(JWSAlgorithm.RS256).x509CertURL(elsewhere))) {
      var forged = new SignedJWT(header.build(), good);
      forged.sign(new RSASSASigner(mine));
      assertRefused(forged.serialize());
    }

    var parts = signed(good).split("\\.");
    var none = Base64URL.encode("{\"alg\":\"none\"}").toString();
    assertRefused(none + "." + parts[1] + ".");
    assertRefused(none + "." + parts[1] + "." + parts[2]);
    assertRefused(Base64URL.encode("{\"alg\":\"nOnE\"}") + "." + parts[1] + ".");
    assertRefused(parts[0] + "." + parts[1] + ".");
    var another = Base64URL.encode(good.toString().replace("londo", "vir"));
    assertRefused(parts[0] + "." + another + "." + parts[2]);
  }

  private static String pem(RSAKey key) throws Exception {
    var base64 = Base64.getMimeEncoder().encodeToString(key.toRSAPublicKey().getEncoded());
    return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
  }

  private static JWTClaimsSet claims(String client, Instant expiry) {
    return new JWTClaimsSet.Builder()
        .issuer(identity.issuer())
        .claim("client_id", client)
        .expirationTime(Date.from(expiry))
        .build();
  }

  /** A token that the issuer's key has signed. */
  private static String signed(JWTClaimsSet claims) {
    var values = new HashMap<>(claims.getClaims());
    values.putIfAbsent("iat", Date.from(Instant.now()));
    return new OAuth2TokenProvider().jwt(values, Duration.ofHours(1), Identity.POOL).serialize();
  }

  private static void assertRefused(String token) throws Exception {
    var refused = own(token);
    assertEquals(401, refused.statusCode(), token);
    var challenge = Http.header(refused, "www-authenticate");
    assertTrue(challenge.contains("error=\"invalid_token\""), challenge);
  }

  @Test
  void namesTheCallerOfARouteWithIam() throws Exception {
    var event = event(Http.send("PUT", address("/signed"), ""));
    assertEquals(
        "arn:aws:iam::000000000000:user/local",
        event.path("requestContext").path("authorizer").path("iam").path("userArn").asText());
  }

  @Test
  void answersPreflights() throws Exception {
    var allowed = preflight(ORIGIN);
    assertEquals(204, allowed.statusCode());
    assertEquals(ORIGIN, Http.header(allowed, "access-control-allow-origin"));
    assertEquals("GET,POST", Http.header(allowed, "access-control-allow-methods"));
    assertEquals("authorization", Http.header(allowed, "access-control-allow-headers"));
    assertEquals("60", Http.header(allowed, "access-control-max-age"));
    var foreign = preflight("http://foreign.example");
    assertEquals(204, foreign.statusCode());
    assertEquals("", Http.header(foreign, "access-control-allow-origin"));
  }

  private static HttpResponse<String> preflight(String origin) throws Exception {
    var headers = new String[] {"Origin", origin, "Access-Control-Request-Method", "POST"};
    return Http.send("OPTIONS", address("/own"), "", headers);
  }

  @Test
  void allowsThePagesOwnOriginsBesideTheTemplates() throws Exception {
    for (var origin :
        List.of("http://127.0.0.1:4567", "http://localhost:4567", "https://forwarded.example")) {
      var allowed = preflight(origin);
      assertEquals(origin, Http.header(allowed, "access-control-allow-origin"));
      var response = Http.send("POST", address("/own"), "", "Origin", origin);
      assertEquals(origin, Http.header(response, "access-control-allow-origin"));
    }
    for (var origin :
        List.of(
            "http://127.0.0.1:4568",
            "https://127.0.0.1:4567",
            "http://forwarded.example",
            "https://forwarded.example.other.example")) {
      var refused = preflight(origin);
      assertEquals("", Http.header(refused, "access-control-allow-origin"), origin);
    }
  }

  @Test
  void hasTheIdentityServiceBelowItsOwnOrigin() throws Exception {
    var discovery = Http.get(address("/cruddur/.well-known/openid-configuration"));
    assertEquals(identity.issuer(), Json.parse(discovery.body()).path("issuer").asText());
    var page =
        Http.get(address("/cruddur/logout?client_id=local&logout_uri=http://localhost:4567"));
    assertEquals("http://localhost:4567", Http.header(page, "location"));

    var tokens = tokens(address("/cruddur"), "Vir");
    assertEquals(200, own(tokens.path("access_token").asText()).statusCode());
    assertEquals(
        identity.issuer(),
        SignedJWT.parse(tokens.path("access_token").asText()).getJWTClaimsSet().getIssuer());
    assertEquals(404, Http.get(address("/cruddur")).statusCode());
    assertEquals(404, Http.get(address("/cruddurs/token")).statusCode());
    var large = "grant_type=" + "x".repeat(2 * 1024 * 1024);
    assertEquals(400, Http.send("POST", address("/cruddur/token"), large).statusCode());
  }

  @Test
  void putsItsOwnCorsHeadersInPlaceOfTheFunctions() throws Exception {
    var response =
        Http.send(
            "POST",
            address("/respond"),
            "{\"statusCode\": 200, \"headers\": {\"Access-Control-Allow-Origin\": \"*\"}}",
            "Content-Type",
            "text/plain",
            "Origin",
            ORIGIN);
    assertEquals(List.of(ORIGIN), response.headers().allValues("access-control-allow-origin"));
    assertEquals("origin", Http.header(response, "vary"));
    assertEquals("link", Http.header(response, "access-control-expose-headers"));
    var unauthorized = Http.send("POST", address("/own"), "", "Origin", ORIGIN);
    assertEquals(ORIGIN, Http.header(unauthorized, "access-control-allow-origin"));
    assertEquals("", Http.header(Http.get(address("/fail")), "access-control-allow-origin"));
  }

  @Test
  void servesThePageAndNothingAroundIt() throws Exception {
    var home = Http.get(address("/"));
    assertEquals("<p>home", home.body());
    assertEquals("text/html; charset=utf-8", Http.header(home, "content-type"));
    assertEquals("nosniff", Http.header(home, "x-content-type-options"));
    assertEquals("{\"api\":\"\"}", Http.get(address("/config.json")).body());
    for (var path :
        List.of(
            "/package.json",
            "/node_modules/library.js",
            "/./node_modules/library.js",
            "/.draft.html")) {
      assertEquals(404, Http.get(address(path)).statusCode(), path);
    }
    assertEquals(400, Http.get(address("/%2e%2e/secret.html")).statusCode());
    assertEquals(404, Http.get(address("/..%2Fsecret.html")).statusCode());
    assertEquals(400, Http.get(address("/x%00.html")).statusCode());
  }

  @Test
  void compressesThePageWhereTheClientAcceptsIt() throws Exception {
    var home =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address("/")))
                    .header("Accept-Encoding", "gzip, br")
                    .build(),
                BodyHandlers.ofInputStream());
    assertEquals("gzip", home.headers().firstValue("content-encoding").orElse(""));
    try (var page = new GZIPInputStream(home.body())) {
      assertEquals("<p>home", new String(page.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void refusesLargeBodies() throws Exception {
    var large = new byte[10 * 1024 * 1024 + 1];
    var response = Http.send("POST", address("/echo/x"), large);
    assertEquals(413, response.statusCode());
    assertEquals("{\"message\":\"Request Entity Too Large\"}", response.body());
  }

  @Test
  void answersInvalidRequestsInJson() throws Exception {
    var host = "Host: x\r\n";
    var post = "POST /echo/x HTTP/1.1\r\n" + host;
    var chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    assertMessage(400, "GET /?% HTTP/1.1\r\n" + host + "\r\n");
    assertMessage(400, "GET /echo/%zz HTTP/1.1\r\n" + host + "\r\n");
    assertMessage(400, "GET /echo/{x} HTTP/1.1\r\n" + host + "\r\n");
    assertMessage(400, "GET x:y HTTP/1.1\r\n" + host + "\r\n");
    assertMessage(400, "GET * HTTP/1.1\r\n" + host + "\r\n");
    assertMessage(400, "OPTIONS * HTTP/1.1\r\n" + host + "\r\n");
    assertMessage(400, "GET http://y/ HTTP/1.1\r\n" + host + "\r\n");
    assertMessage(400, "GET /\0 HTTP/1.1\r\n" + host + "\r\n");
    assertMessage(400, "garbage\r\n\r\n");
    assertMessage(400, "\u0016\u0003\u0001\u0002\0\u0001\u00fc\r\n\r\n");
    assertMessage(400, "GET / HTTP/1.1\r\n\r\n");
    assertMessage(400, "GET / HTTP/1.1\r\n" + host + host + "\r\n");
    assertMessage(400, "GET / HTTP/1.1\r\n" + host + "no colon\r\n\r\n");
    assertMessage(400, "GET / HTTP/1.1\r\n" + host + ": no name\r\n\r\n");
    assertMessage(400, "GET / HTTP/1.1\r\n" + host + " folded: x\r\n\r\n");
    assertMessage(400, "GET / HTTP/1.1\r\n" + host + "A\0B: x\r\n\r\n");
    assertMessage(400, "GET / HTTP/1.1\r\n" + host + "A: \u001b[31m\r\n\r\n");
    assertMessage(400, post + "Content-Length: -1\r\n\r\n");
    assertMessage(400, post + "Content-Length: x\r\n\r\n");
    assertMessage(400, post + "Content-Length: 99999999999999999999\r\n\r\n");
    assertMessage(400, post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab");
    assertMessage(400, post + "Content-Length: 5\r\n\r\nab");
    assertMessage(400, post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    assertMessage(400, post + "Transfer-Encoding: gzip\r\n\r\nab");
    assertMessage(400, chunked + "zz\r\n");
    assertMessage(400, chunked + "5\r\nab\r\n0\r\n\r\n");
    assertMessage(400, chunked + "1\r\nab\r\n0\r\n\r\n");
    assertMessage(400, chunked + "1\r\na\r\n");
    assertMessage(400, chunked + "ffffffffffffffffff\r\na");
    assertMessage(414, "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\n" + host + "\r\n");
    assertMessage(431, "GET / HTTP/1.1\r\n" + host + "A: " + "x".repeat(100_000) + "\r\n\r\n");
    assertMessage(431, "GET / HTTP/1.1\r\n" + host + "A: x\r\n".repeat(20_000) + "\r\n");
    assertMessage(505, "GET / HTTP/9\r\n" + host + "\r\n");
    assertEquals(200, Http.get(address("/")).statusCode());
  }

  @Test
  void answersUnusualRequests() throws Exception {
    var close = "Host: x\r\nConnection: close\r\n\r\n";
    assertMessage(404, "GET //x HTTP/1.1\r\n" + close);
    assertMessage(404, "GET //x/y HTTP/1.1\r\n" + close);
    assertMessage(404, "GET ///x?y HTTP/1.1\r\n" + close);
    assertMessage(404, "GET /echo//y HTTP/1.1\r\n" + close);
    assertMessage(404, "GET /echo/a%2fb HTTP/1.1\r\n" + close);
    for (var line :
        List.of(
            "GET http://x/echo/y?z=1 HTTP/1.1",
            "GET /echo/y#z HTTP/1.1",
            "GET /echo/y?a=%ff HTTP/1.1",
            "GET /echo/\u00e9 HTTP/1.1")) {
      var response =
          RawHttp.send(api.port(), (line + "\r\n" + close).getBytes(StandardCharsets.UTF_8));
      assertTrue(response.startsWith("HTTP/1.1 200 OK\r\n"), line + "\n" + response);
    }
    var chunked =
        "POST /echo/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n"
            + close
            + "2\r\nab\r\n1;x=y\r\nc\r\n0\r\nTrailer: z\r\n\r\n";
    var response = RawHttp.send(api.port(), chunked.getBytes(StandardCharsets.UTF_8));
    assertTrue(response.contains("\"body\":\"abc\""), response);
  }

  @Test
  void limitsTheHeadOfARequest() throws Exception {
    var line = "GET /echo/x HTTP/1.1";
    // The request line and the headers' values count, the names do not.
    var values = "x" + "close";
    var rest = 10_240 - line.length() - values.length();
    var response = RawHttp.send(api.port(), head(line, rest).getBytes(StandardCharsets.US_ASCII));
    assertTrue(response.startsWith("HTTP/1.1 200 OK\r\n"));
    assertMessage(431, head(line, rest + 1));
    var target = "GET /echo/" + "x".repeat(10_240) + " HTTP/1.1";
    assertMessage(431, head(target, 0));
  }

  private static String head(String line, int length) {
    return line + "\r\nHost: x\r\nConnection: close\r\nA: " + "y".repeat(length) + "\r\n\r\n";
  }

  /** Asserts that the gateway answers a request with an error in JSON. */
  private static void assertMessage(int status, String request) throws IOException {
    var response = RawHttp.send(api.port(), request.getBytes(StandardCharsets.ISO_8859_1));
    var shown = request.lines().findFirst().orElse("") + "\n" + response;
    assertTrue(response.startsWith("HTTP/1.1 " + status + " "), shown);
    var parts = response.split("\r\n\r\n", 2);
    assertTrue(parts[0].matches("(?is).*\r\ncontent-type: application/json(\r.*|)"), shown);
    var body = Json.parse(parts[1]);
    assertEquals(1, body.size(), shown);
    assertTrue(body.path("message").isTextual(), shown);
  }

  private static JsonNode tokens(String service, String name)
      throws IOException, InterruptedException {
    var form = "grant_type=password&client_id=local&password=-&scope=openid+email&username=" + name;
    var response =
        Http.send(
            "POST", service + "/token", form, "Content-Type", "application/x-www-form-urlencoded");
    assertEquals(200, response.statusCode(), response.body());
    return Json.parse(response.body());
  }

  private static HttpResponse<String> own(String token) throws Exception {
    return Http.send("POST", address("/own"), "", "Authorization", "Bearer " + token);
  }

  private static String address(String path) {
    return "http://127.0.0.1:" + api.port() + path;
  }

  /** The event that the echo function returned. */
  private static JsonNode event(HttpResponse<String> response) {
    assertEquals(200, response.statusCode(), response.body());
    return Json.parse(response.body());
  }
}
