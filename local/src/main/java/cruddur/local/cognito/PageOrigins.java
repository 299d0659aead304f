package cruddur.local.cognito;

import cruddur.local.lambda.LocalServer;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * The origins of the home page: this machine's two names and, in a cloud workspace, the name at
 * which its forwarder publishes the page's port.
 *
 * @param port of the page on this machine
 * @param forwarded the forwarder's origin
 */
public record PageOrigins(int port, Optional<HttpUrl> forwarded) {
  /** The page's port on this machine unless another is chosen. */
  public static final int DEFAULT_PORT = 3000;

  private static final Pattern HOST = Pattern.compile("[a-z0-9.-]+");
  private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]+");

  /**
   * Reads the origin at which a workspace publishes the page's port. A request's headers cannot
   * decide it, since any page can make a browser send false ones.
   *
   * @param environment {@code PAGE_ORIGIN}, or what Codespaces and Gitpod set
   * @throws IllegalArgumentException unless it is an https origin, or an http origin of this
   *     machine
   */
  public static PageOrigins of(int port, Map<String, String> environment) {
    return new PageOrigins(
        port,
        variable(environment, "PAGE_ORIGIN")
            .or(() -> codespace(port, environment))
            .or(() -> gitpod(port, environment))
            .map(PageOrigins::origin));
  }

  /**
   * "Default environment variables for your codespace" in GitHub's documentation names the
   * variables, "Forwarding ports in your codespace" the form of the address.
   */
  private static Optional<String> codespace(int port, Map<String, String> environment) {
    var domain =
        variable(environment, "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN").orElse("app.github.dev");
    return variable(environment, "CODESPACE_NAME")
        .map(name -> "https://%s-%d.%s".formatted(name, port, domain));
  }

  /** The address that {@code gp url PORT} prints. */
  private static Optional<String> gitpod(int port, Map<String, String> environment) {
    return variable(environment, "GITPOD_WORKSPACE_URL")
        .map(address -> address.replaceFirst("^https?://", "https://" + port + "-"));
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static HttpUrl origin(String text) {
    return Optional.ofNullable(HttpUrl.parse(text))
        .filter(address -> address.isHttps() || LocalServer.HOSTS.contains(address.host()))
        .filter(address -> HOST.matcher(address.host()).matches())
        .filter(address -> address.equals(withoutTail(address)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "The page's origin (PAGE_ORIGIN, or what CODESPACE_NAME or GITPOD_WORKSPACE_URL"
                        + " gives) is not an https origin such as https://3000.workspace.example: "
                        + text));
  }

  private static HttpUrl withoutTail(HttpUrl address) {
    return new HttpUrl.Builder()
        .scheme(address.scheme())
        .host(address.host())
        .port(address.port())
        .build();
  }

  /** Whether a redirect to an address is allowed: it is on this machine, or below the page. */
  boolean include(String address) {
    // The parser drops line ends, but a Location header would keep them.
    return Optional.of(address)
        .filter(text -> VISIBLE_ASCII.matcher(text).matches())
        .map(HttpUrl::parse)
        .filter(
            target ->
                LocalServer.HOSTS.contains(target.host())
                    || forwarded.filter(withoutTail(target)::equals).isPresent())
        .isPresent();
  }

  /** All of them, with the default port too, as browsers write them. */
  public Set<String> all() {
    var all = new LinkedHashSet<String>();
    for (var host : LocalServer.HOSTS) {
      for (var each : new int[] {port, DEFAULT_PORT}) {
        all.add(text(new HttpUrl.Builder().scheme("http").host(host).port(each).build()));
      }
    }
    forwarded.map(PageOrigins::text).ifPresent(all::add);
    return all;
  }

  /** The forwarder's origin, as browsers write it. */
  public Optional<String> forwardedText() {
    return forwarded.map(PageOrigins::text);
  }

  private static String text(HttpUrl origin) {
    return origin.toString().replaceFirst("/$", "");
  }
}
