package cruddur.local.cognito;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageOriginsTest {
  @Test
  void areThisMachinesTwoNamesWhereNothingIsForwarded() {
    var origins = PageOrigins.of(4567, Map.of("PAGE_ORIGIN", ""));
    assertEquals(
        Set.of(
            "http://127.0.0.1:4567",
            "http://localhost:4567",
            "http://127.0.0.1:3000",
            "http://localhost:3000"),
        origins.all());
    assertEquals(Optional.empty(), origins.forwardedText());
  }

  @Test
  void omitThePortThatBrowsersOmit() {
    var origins = PageOrigins.of(80, Map.of("PAGE_ORIGIN", "https://Page.Example:443/"));
    assertTrue(
        origins
            .all()
            .containsAll(Set.of("http://127.0.0.1", "http://localhost", "https://page.example")));
  }

  @Test
  void readWhatCodespacesSets() {
    var codespace = Map.of("CODESPACE_NAME", "octocat-lamp-mld5");
    assertEquals(
        Optional.of("https://octocat-lamp-mld5-3000.app.github.dev"),
        PageOrigins.of(3000, codespace).forwardedText());
    var domain =
        Map.of(
            "CODESPACE_NAME", "octocat-lamp-mld5",
            "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN", "ports.example");
    assertEquals(
        Optional.of("https://octocat-lamp-mld5-4567.ports.example"),
        PageOrigins.of(4567, domain).forwardedText());
  }

  @Test
  void readWhatGitpodSets() {
    var gitpod = Map.of("GITPOD_WORKSPACE_URL", "https://owner-repository-x1.ws-eu45.gitpod.io");
    assertEquals(
        Optional.of("https://3000-owner-repository-x1.ws-eu45.gitpod.io"),
        PageOrigins.of(3000, gitpod).forwardedText());
  }

  @Test
  void preferTheOriginThatIsGiven() {
    var environment = Map.of("PAGE_ORIGIN", "https://mine.example", "CODESPACE_NAME", "lamp");
    assertEquals(
        Optional.of("https://mine.example"), PageOrigins.of(3000, environment).forwardedText());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "page.example",
        "//page.example",
        "http://page.example",
        "https://",
        "https://*.page.example",
        "https://page.example/path",
        "https://page.example?query",
        "https://page.example#fragment",
        "https://user@page.example",
        "https://page.example https://other.example",
        "javascript:x",
        "null",
        "*"
      })
  void refuseWhatIsNoOrigin(String text) {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> PageOrigins.of(3000, Map.of("PAGE_ORIGIN", text)));
    var message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("PAGE_ORIGIN"), message);
    assertTrue(message.contains("is not an https origin"), message);
    assertTrue(message.endsWith(": " + text), message);
  }

  @Test
  void nameEachVariableThatCanBeWrong() {
    var workspaces =
        Map.of(
            "CODESPACE_NAME", "no name",
            "GITPOD_WORKSPACE_URL", "https://workspace.example/path");
    for (var workspace : workspaces.entrySet()) {
      var environment = Map.of(workspace.getKey(), workspace.getValue());
      var refusal =
          assertThrows(IllegalArgumentException.class, () -> PageOrigins.of(3000, environment));
      var message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains(workspace.getKey()), message);
    }
  }

  @Test
  void includeThisMachineAndTheForwardedOriginAlone() {
    var origins = PageOrigins.of(3000, Map.of("PAGE_ORIGIN", "https://page.example"));
    for (var target :
        List.of(
            "http://127.0.0.1:3000",
            "http://localhost:3000/",
            "http://localhost:8080/callback?x=1",
            "https://page.example",
            "https://page.example/",
            "https://PAGE.example:443/path")) {
      assertTrue(origins.include(target), target);
    }
    for (var target :
        List.of(
            "",
            "/",
            "//page.example",
            "http://page.example",
            "https://page.example:8443",
            "https://other.example",
            "https://page.example.other.example",
            "https://page.example@other.example",
            "https://page.example:443@other.example",
            "https://page.example%2f@other.example",
            "https://other.example\\@page.example",
            "https://other.example/https://page.example",
            "https://other.example?https://page.example",
            "https://other.example#@page.example",
            "https://page-example.other.example",
            "https://sub.page.example",
            "http://127.0.0.1.other.example",
            "http://127.0.0.1@other.example",
            "http://localhost.other.example",
            "javascript://page.example/%0aalert(1)",
            "data:text/html,x",
            "ftp://127.0.0.1/",
            "http://127.0.0.1/\r\nX: y",
            "http://127.0.0.1/\n",
            "http://127.0.0.1/\t",
            " http://127.0.0.1/",
            "http://127.0.0.1/\u007f",
            "http://127.0.0.1/\u00e9")) {
      assertFalse(origins.include(target), target);
    }
  }
}
