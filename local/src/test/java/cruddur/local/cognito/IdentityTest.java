package cruddur.local.cognito;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.SignedJWT;
import cruddur.local.fixtures.SampleFunctions;
import cruddur.local.lambda.Functions;
import cruddur.local.template.Json;
import cruddur.testbed.Http;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  private static final String REDIRECT = "http://127.0.0.1:3000/";
  private static final PageOrigins ORIGINS =
      PageOrigins.of(3000, Map.of("PAGE_ORIGIN", "https://page.example"));

  /** Some of the addresses of {@link PageOriginsTest}, percent-encoded where a query needs it. */
  private static final List<String> FOREIGN =
      List.of(
          "https://elsewhere.example",
          "https://elsewhere.example%5C@page.example",
          "//page.example",
          "http://127.0.0.1/%0D%0AX:%20y");

  private static final String VERIFIER = "v".repeat(43);

  @TempDir static Path folder;
  @AutoClose private static Functions functions;
  @AutoClose private static Identity identity;

  @BeforeAll
  static void start() {
    var template =
        SampleFunctions.template(
            folder,
            "  UserPool: {Type: AWS::Cognito::UserPool}\n",
            SampleFunctions.function(
                "ConfirmFunction",
                """
                Events:
                  Confirmed:
                    Type: Cognito
                    Properties:
                      UserPool: !Ref UserPool
                      Trigger: [PostConfirmation, PostAuthentication]\
                """));
    functions = SampleFunctions.functions(template, folder);
    identity = new Identity(new SignIns(functions), ORIGINS, 0);
  }

  @Test
  void hasOneIssuerUnderEachHostName() throws Exception {
    var address = identity.issuer().replace("127.0.0.1", "localhost");
    var discovery = json(Http.get(address + "/.well-known/openid-configuration"));
    assertEquals(identity.issuer(), discovery.path("issuer").asText());
    assertTrue(discovery.path("jwks_uri").asText().startsWith(identity.issuer()));
    assertTrue(json(Http.get(discovery.path("jwks_uri").asText())).path("keys").size() > 0);
  }

  @Test
  void signsInWithTheCodeFlow() throws Exception {
    var page = Http.get(authorize());
    assertEquals(200, page.statusCode());
    assertTrue(page.body().contains("<form method=\"post\">"), page.body());
    assertFalse(
        page.body().matches("(?s).*(src=|url\\(|@import|<link).*"), "the page loads nothing");

    var redirect = Http.post(authorize(), Map.of("username", " Bayko@Cruddur.example "));
    assertEquals(302, redirect.statusCode(), redirect.body());
    var target = URI.create(Http.header(redirect, "Location"));
    assertTrue(target.toString().startsWith(REDIRECT), target.toString());
    var query =
        Arrays.stream(target.getQuery().split("&", -1))
            .map(pair -> pair.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    assertEquals("state1", query.get("state"));

    var code = query.getOrDefault("code", "");
    var response = exchange(code, VERIFIER);
    assertEquals(200, response.statusCode(), response.body());
    var claims = claims(json(response), "id_token");
    assertEquals("bayko@cruddur.example", claims.get("email"));
    assertEquals("nonce1", claims.get("nonce"));
    assertEquals("openid email", claims(json(response), "access_token").get("scope"));
    assertEquals(400, exchange(code, VERIFIER).statusCode());

    var refreshed = json(refresh(json(response)));
    var again = claims(refreshed, "access_token");
    assertEquals(claims.get("sub"), again.get("sub"));
    assertEquals(claims.get("origin_jti"), again.get("origin_jti"));
    assertEquals("openid email", again.get("scope"));
  }

  @Test
  void refusesAWrongVerifier() throws Exception {
    var response = exchange(code("bayko"), "w".repeat(43));
    assertEquals(400, response.statusCode(), response.body());
  }

  @Test
  void givesTokensTheClaimsOfCognito() throws Exception {
    var tokens = json(password("andrewbrown"));
    var sub = sub("andrewbrown");
    var access = claims(tokens, "access_token");
    assertEquals(
        Set.of(
            "sub username client_id scope token_use iss exp iat auth_time jti origin_jti event_id version"
                .split(" ")),
        access.keySet());
    assertEquals(sub, access.get("sub"));
    assertEquals(sub, access.get("username"));
    assertEquals("local", access.get("client_id"));
    assertEquals("access", access.get("token_use"));
    assertEquals(identity.issuer(), access.get("iss"));

    var id = claims(tokens, "id_token");
    assertEquals(
        Set.of(
            "sub aud token_use email email_verified cognito:username preferred_username iss exp iat auth_time jti origin_jti event_id at_hash"
                .split(" ")),
        id.keySet());
    assertEquals("andrewbrown@example.com", id.get("email"));
    assertEquals(true, id.get("email_verified"));
    assertEquals("andrewbrown", id.get("preferred_username"));
    assertEquals(List.of("local"), id.get("aud"));
  }

  @Test
  void givesAMachineNoUserName() throws Exception {
    var response =
        token(
            "grant_type=client_credentials&scope=a/b",
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString("robot:secret".getBytes(UTF_8)));
    assertEquals(200, response.statusCode(), response.body());
    var claims = claims(json(response), "access_token");
    assertFalse(claims.containsKey("username"));
    assertEquals("robot", claims.get("client_id"));
    assertEquals("a/b", claims.get("scope"));
  }

  @Test
  void confirmsTheSignUpOfAUserOnce() throws Exception {
    var responses = new ArrayList<Future<HttpResponse<String>>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call = 0; call < 5; call++) {
        responses.add(threads.submit(() -> password("Once")));
      }
    }
    for (var response : responses) {
      assertEquals(200, response.get().statusCode());
    }
    assertEquals(
        List.of(event("PostConfirmation_ConfirmSignUp", "once", "")), confirmations(sub("once")));
  }

  /**
   * The event of a trigger for a user who gave only a name.
   *
   * @param more members of the request
   */
  private static String event(String source, String name, String more) {
    return """
    {"version":"1","region":"us-east-1","userPoolId":"us-east-1_local","userName":"%1$s",\
    "callerContext":{"awsSdkVersion":"aws-sdk-unknown-unknown","clientId":"local"},"triggerSource":"%2$s",\
    "request":{"userAttributes":{"sub":"%1$s","email_verified":"true","cognito:user_status":"CONFIRMED",\
    "preferred_username":"%3$s","email":"%3$s@example.com"}%4$s},"response":{}}\
    """
        .formatted(sub(name), source, name, more);
  }

  @Test
  void refusesSignInWhenPostConfirmationFails() throws Exception {
    for (var round = 0; round < 2; round++) {
      var refused = password("bad");
      assertEquals(400, refused.statusCode());
      assertEquals(
          "PostConfirmation failed with error not you.",
          json(refused).path("error_description").asText());
    }
    assertEquals(2, confirmations(sub("bad")).size());
    var page = Http.post(authorize(), Map.of("username", "bad"));
    assertTrue(page.body().contains("failed with error not you."), page.body());
    assertEquals(400, Http.post(authorize(), Map.of("username", " ")).statusCode());
  }

  @Test
  void callsPostAuthenticationAtEachSignIn() throws Exception {
    var sub = sub("eachtime");
    var tokens = json(signIn("eachtime"));
    assertEquals(
        List.of(event("PostAuthentication_Authentication", "eachtime", ",\"newDeviceUsed\":false")),
        calls("PostAuthentication_Authentication", sub));

    assertEquals(200, refresh(tokens).statusCode());
    assertEquals(1, calls("PostAuthentication_Authentication", sub).size());
    assertEquals(200, password("eachtime").statusCode());
    assertEquals(302, Http.post(authorize(), Map.of("username", "eachtime")).statusCode());
    assertEquals(3, calls("PostAuthentication_Authentication", sub).size());
    assertEquals(1, confirmations(sub).size());
  }

  @Test
  void refusesSignInWhenPostAuthenticationFails() throws Exception {
    for (var round = 0; round < 2; round++) {
      var refused = password("banned");
      assertEquals(400, refused.statusCode());
      assertEquals(
          "PostAuthentication failed with error go away.",
          json(refused).path("error_description").asText());
    }
    var sub = sub("banned");
    assertEquals(1, confirmations(sub).size());
    var page = Http.post(authorize(), Map.of("username", "banned"));
    assertEquals(400, page.statusCode());
    assertTrue(page.body().contains("PostAuthentication failed with error go away."), page.body());
    assertEquals(3, calls("PostAuthentication_Authentication", sub).size());

    var silent = json(password("silent"));
    assertEquals("Unrecognizable lambda output", silent.path("error_description").asText());
  }

  @Test
  void makesEachSignInASession() throws Exception {
    var first = json(password("sessions"));
    assertNotEquals(session(first), session(json(password("sessions"))));
    assertEquals(session(first), claims(first, "id_token").get("origin_jti"));

    var third = json(signIn("sessions"));
    var fourth = json(signIn("sessions"));
    assertNotEquals(session(third), session(fourth));
    for (var tokens : List.of(third, fourth, third)) {
      var access = claims(tokens, "access_token");
      var refreshed = claims(json(refresh(tokens)), "id_token");
      assertEquals(access.get("origin_jti"), refreshed.get("origin_jti"));
      assertEquals(access.get("auth_time"), refreshed.get("auth_time"));
    }
  }

  private static Object session(JsonNode tokens) throws Exception {
    return requireNonNull(claims(tokens, "access_token").get("origin_jti"));
  }

  @Test
  void rotatesRefreshTokens() throws Exception {
    var first = json(signIn("rotating"));
    var second = json(refresh(first));
    assertNotEquals(first.path("refresh_token"), second.path("refresh_token"));
    assertEquals(200, refresh(second).statusCode());
    assertEquals(200, refresh(first).statusCode(), "another tab has the same one");
  }

  @Test
  void revokesTheRefreshTokensOfASession() throws Exception {
    var first = json(signIn("leaving"));
    var other = json(signIn("leaving"));
    var second = json(refresh(first));
    assertEquals(400, revoke("other", second).statusCode());
    assertEquals(400, revoke("local", Json.object()).statusCode());
    assertEquals(200, refresh(second).statusCode());

    var revoked = revoke("local", second);
    assertEquals(200, revoked.statusCode());
    assertEquals("*", Http.header(revoked, "access-control-allow-origin"));
    for (var tokens : List.of(first, second)) {
      var refused = refresh(tokens);
      assertEquals(400, refused.statusCode());
      assertEquals("invalid_grant", json(refused).path("error").asText());
    }
    assertEquals(200, refresh(other).statusCode());
    assertEquals(200, revoke("local", second).statusCode());
  }

  @Test
  void keepsWhatWasTyped() throws Exception {
    var address = signUp();
    var page =
        Http.post(
            address, form("lo\"><script>alert(1)</script>", "no 'address'", "Londo & \"M\" 💚"));
    assertEquals(400, page.statusCode());
    assertTrue(
        page.body().contains(" name=\"name\" value=\"Londo &amp; &quot;M&quot; 💚\""), page.body());
    assertTrue(
        page.body()
            .contains(
                " name=\"preferred_username\""
                    + " value=\"lo&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""),
        page.body());
    assertTrue(page.body().contains(" name=\"email\" value=\"no 'address'\""), page.body());
    assertFalse(page.body().contains("<script"), page.body());

    var nested = Http.post(address, form(" name=\"email\"", " name=\"name\"", "%s"));
    assertEquals(3, nested.body().split(" value=\"", -1).length - 1, nested.body());

    var signIn = Http.post(authorize(), Map.of("username", "x".repeat(129)));
    assertTrue(
        signIn.body().contains(" name=\"username\" value=\"" + "x".repeat(129) + "\""),
        signIn.body());
    assertFalse(Http.get(authorize()).body().contains(" value="));
  }

  @Test
  void signsUpWithTheFormOfThePool() throws Exception {
    var address = signUp();
    assertTrue(Http.get(address).body().contains("href=\"authorize?response_type=code&amp;"));
    assertTrue(Http.get(authorize()).body().contains("href=\"signup?response_type=code&amp;"));
    assertEquals(400, Http.post(address, form("Mollari", "no address", "Londo")).statusCode());
    assertEquals(400, Http.post(address, form(" ", "l@c.example", "Londo")).statusCode());

    var redirect = Http.post(address, form("Mollari", "l@c.example", "Londo \"M\" 💚"));
    assertEquals(302, redirect.statusCode(), redirect.body());
    var sub = sub("mollari");
    var attributes =
        Json.parse(confirmations(sub).getFirst().getBytes(ISO_8859_1))
            .path("request")
            .path("userAttributes");
    assertEquals("Londo \"M\" 💚", attributes.path("name").asText());
    assertEquals("Mollari", attributes.path("preferred_username").asText());
    assertEquals("l@c.example", attributes.path("email").asText());

    var id = claims(json(password("mollari")), "id_token");
    assertEquals("Londo \"M\" 💚", id.get("name"));
    assertEquals("l@c.example", id.get("email"));
    assertEquals(1, confirmations(sub).size());
    var again = Http.post(address, form("mollari", "else@c.example", "Another"));
    assertTrue(again.body().contains("There is a user of this name already."), again.body());
  }

  @Test
  void acceptsASignUpWithoutADisplayName() throws Exception {
    var address = signUp();
    assertEquals(302, Http.post(address, form("vir", "v@c.example", " ")).statusCode());
    var attributes = confirmations(sub("vir")).getFirst();
    assertFalse(attributes.contains("\"name\""), attributes);
    assertFalse(claims(json(password("vir")), "id_token").containsKey("name"));
  }

  private static Map<String, String> form(String userName, String email, String name) {
    return Map.of("preferred_username", userName, "email", email, "name", name);
  }

  @Test
  void signsOutToThePageAlone() throws Exception {
    var address = identity.issuer() + "/logout?client_id=local&logout_uri=";
    var page = Http.get(address + "http://127.0.0.1:3000");
    assertEquals(302, page.statusCode());
    assertEquals("http://127.0.0.1:3000", Http.header(page, "Location"));
    var forwarded = Http.get(address + "https://page.example");
    assertEquals(302, forwarded.statusCode());
    assertEquals("https://page.example", Http.header(forwarded, "Location"));
    for (var target : FOREIGN) {
      var response = Http.get(address + target);
      assertEquals(400, response.statusCode(), target);
      assertEquals("", Http.header(response, "Location"), target);
    }
    assertEquals(400, Http.get(address).statusCode());
    var stranger = address.replace("=local", "=other") + "http://127.0.0.1:3000";
    assertEquals(400, Http.get(stranger).statusCode());
  }

  @Test
  void redirectsOnlyToThePage() throws Exception {
    for (var target : FOREIGN) {
      for (var page : List.of("/authorize?", "/signup?")) {
        var address = authorizeFrom(target).replace("/authorize?", page);
        assertEquals(400, Http.get(address).statusCode(), target);
        var form = form("vorlon", "v@c.example", "Kosh");
        var entered = page.equals("/signup?") ? form : Map.of("username", "bayko");
        assertEquals(400, Http.post(address, entered).statusCode(), target);
      }
    }
    var stranger = authorize().replace("client_id=local", "client_id=other");
    assertEquals(400, Http.get(stranger).statusCode());
    for (var twice :
        List.of(
            authorize() + "&redirect_uri=https://elsewhere.example",
            authorize()
                .replace(
                    "redirect_uri=", "redirect_uri=https://elsewhere.example&redirect_uri="))) {
      var response = Http.post(twice, Map.of("username", "bayko"));
      assertFalse(Http.header(response, "Location").contains("elsewhere"), twice);
    }
  }

  @Test
  void redirectsToTheForwardedPage() throws Exception {
    var address = authorizeFrom("https%3A%2F%2Fpage.example");
    var redirect = Http.post(address, Map.of("username", "bayko"));
    assertEquals(302, redirect.statusCode(), redirect.body());
    var target = URI.create(Http.header(redirect, "Location"));
    assertEquals("https", target.getScheme());
    assertEquals("page.example", target.getAuthority());
  }

  /** A forwarder sends these headers, but any page can make a browser send them. */
  @Test
  void ignoresHeadersThatNameAnotherHost() throws Exception {
    var address = authorizeFrom("https://forged.example");
    for (var header : List.of("Host", "X-Forwarded-Host", "Origin", "Referer")) {
      assertEquals(400, Http.get(address, header, "forged.example").statusCode(), header);
    }
    var discovery =
        json(
            Http.get(
                identity.issuer() + "/.well-known/openid-configuration",
                "X-Forwarded-Host",
                "forged.example",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Port",
                "443"));
    assertEquals(identity.issuer(), discovery.path("issuer").asText());
    assertEquals(identity.issuer() + "/jwks", discovery.path("jwks_uri").asText());
  }

  @Test
  void allowsPagesToReadItsRefusals() throws Exception {
    var refused =
        token(
            "grant_type=refresh_token&client_id=local&refresh_token=unknown",
            "Origin",
            "http://127.0.0.1:3000");
    assertEquals(400, refused.statusCode(), refused.body());
    assertEquals("invalid_grant", json(refused).path("error").asText());
    assertFalse(Http.header(refused, "access-control-allow-origin").isEmpty());
  }

  @Test
  void lookupsFromPagesAreAllowed() throws Exception {
    var response =
        Http.get(
            identity.issuer() + "/.well-known/openid-configuration", "Origin", "http://x.example");
    assertEquals("http://x.example", Http.header(response, "access-control-allow-origin"));
  }

  private static String authorize() throws Exception {
    var challenge =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(UTF_8)));
    return identity.issuer()
        + "/authorize?response_type=code&client_id=local&scope=openid+email&state=state1&nonce=nonce1"
        + "&code_challenge_method=S256&code_challenge="
        + challenge
        + "&redirect_uri="
        + REDIRECT;
  }

  private static String authorizeFrom(String redirect) throws Exception {
    return authorize().replaceFirst("redirect_uri=[^&]*", "redirect_uri=" + redirect);
  }

  private static String signUp() throws Exception {
    return authorize().replace("/authorize?", "/signup?");
  }

  private static HttpResponse<String> signIn(String name) throws Exception {
    return exchange(code(name), VERIFIER);
  }

  /** The code that a sign-in gives the page. */
  private static String code(String name) throws Exception {
    var redirect = Http.post(authorize(), Map.of("username", name));
    return Http.header(redirect, "Location").replaceFirst(".*code=([^&]*).*", "$1");
  }

  private static HttpResponse<String> exchange(String code, String verifier) throws Exception {
    return token(
        "grant_type=authorization_code&client_id=local&redirect_uri=%s&code=%s&code_verifier=%s"
            .formatted(REDIRECT, code, verifier));
  }

  private static HttpResponse<String> refresh(JsonNode tokens) throws Exception {
    return token(
        "grant_type=refresh_token&client_id=local&refresh_token="
            + tokens.path("refresh_token").asText());
  }

  private static HttpResponse<String> revoke(String client, JsonNode tokens) throws Exception {
    return Http.post(
        identity.issuer() + "/revoke",
        Map.of("client_id", client, "token", tokens.path("refresh_token").asText()));
  }

  private static HttpResponse<String> password(String name) throws Exception {
    return token("grant_type=password&client_id=local&password=-&scope=openid&username=" + name);
  }

  private static HttpResponse<String> token(String form, String... headers) throws Exception {
    var all = new ArrayList<>(List.of("Content-Type", "application/x-www-form-urlencoded"));
    all.addAll(List.of(headers));
    return Http.send("POST", identity.issuer() + "/token", form, all.toArray(new String[0]));
  }

  private static String sub(String name) {
    return User.named(name).orElseThrow().sub();
  }

  private static List<String> confirmations(String sub) throws Exception {
    return calls("PostConfirmation_ConfirmSignUp", sub);
  }

  /** The events of a trigger for a user, from the log. */
  private static List<String> calls(String source, String sub) throws Exception {
    var log = new StringBuilder();
    try (var files = Files.newDirectoryStream(folder.resolve("logs"))) {
      for (var file : files) {
        log.append(Files.readString(file, ISO_8859_1));
      }
    }
    return log.toString()
        .lines()
        .filter(line -> line.startsWith("called with ") && line.contains(sub))
        .filter(line -> line.contains("\"" + source + "\""))
        .map(line -> line.substring("called with ".length()))
        .toList();
  }

  private static JsonNode json(HttpResponse<String> response) {
    return Json.parse(response.body());
  }

  private static Map<String, Object> claims(JsonNode tokens, String which) throws Exception {
    return SignedJWT.parse(tokens.path(which).asText()).getJWTClaimsSet().getClaims();
  }
}
