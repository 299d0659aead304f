package cruddur.local.cognito;

import java.util.Map;

/**
 * The login pages, in place of Cognito's managed login. They have no password, and load nothing.
 */
enum LoginPage {
  SIGN_IN(
      "Sign in to Cruddur",
      """
      <label for="username">User name</label>
      <input id="username" name="username" autocomplete="username" autocapitalize="none" maxlength="128" required autofocus>
      <button type="submit">Sign in</button>
      """,
      "New here? <a href=\"signup?%s\">Create an account</a>"),
  SIGN_UP(
      "Join Cruddur",
      """
      <label for="name">Name (optional)</label>
      <input id="name" name="name" autocomplete="name" maxlength="128" autofocus>
      <label for="preferred_username">User name</label>
      <input id="preferred_username" name="preferred_username" autocomplete="username" autocapitalize="none" maxlength="128" required>
      <label for="email">E-mail address</label>
      <input id="email" name="email" type="email" autocomplete="email" maxlength="128" required>
      <button type="submit">Sign up</button>
      """,
      "Have an account? <a href=\"authorize?%s\">Sign in</a>");

  private final String title;
  private final String fields;
  private final String other;

  LoginPage(String title, String fields, String other) {
    this.title = title;
    this.fields = fields;
    this.other = other;
  }

  /**
   * Makes the page.
   *
   * @param query the request's query, which the link to the other page repeats
   * @param problem why the last attempt failed; empty before the first
   * @param typed the form's values of the last attempt, by name
   */
  String html(String query, String problem, Map<String, String> typed) {
    var alert = problem.isEmpty() ? "" : "<p role=\"alert\">" + escape(problem) + "</p>";
    return page(
        title,
        alert
            + "<form method=\"post\">"
            + filled(typed)
            + "</form><p>"
            + other.formatted(escape(query))
            + "</p>");
  }

  private String filled(Map<String, String> typed) {
    var filled = fields;
    for (var field : typed.entrySet()) {
      var name = " name=\"" + field.getKey() + "\"";
      filled = filled.replace(name, name + " value=\"" + escape(field.getValue()) + "\"");
    }
    return filled;
  }

  /** The page for a request that cannot be served and must not be redirected. */
  static String error(String problem) {
    return page("Invalid request", "<p role=\"alert\">" + escape(problem) + "</p>");
  }

  private static String page(String title, String content) {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%1$s</title>
    <style>
    :root { color-scheme: light dark; --line: light-dark(#6b6480, #8f87a8); --accent: light-dark(#5b34c9, #b9a2ff); }
    body { font: 1.05rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 3rem auto; padding: 0 1rem;
      background: light-dark(#fff, #16131f); color: light-dark(#1d1929, #ece9f5); }
    h1 { font-size: 1.6rem; }
    input, button { font: inherit; width: 100%%; box-sizing: border-box; padding: .6rem .75rem; margin: .25rem 0 1rem; border-radius: .5rem; }
    input { border: 1px solid var(--line); background: transparent; color: inherit; }
    button { border: 0; background: var(--accent); color: light-dark(#fff, #16131f); font-weight: 600; }
    a { color: var(--accent); }
    [role=alert] { border-left: .25rem solid light-dark(#b00020, #ff8a9b); padding-left: .75rem; }
    </style>
    </head>
    <body>
    <main>
    <h1>%1$s</h1>
    <p>This page runs on your own machine and stands in for Cognito's managed login, so it asks for no password.</p>
    %2$s
    </main>
    </body>
    </html>
    """
        .formatted(title, content);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
