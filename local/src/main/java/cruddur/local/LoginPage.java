package cruddur.local;

/** The page that stands in for Cognito's managed login. It asks for a name and loads nothing. */
final class LoginPage {
  private LoginPage() {}

  /**
   * The page.
   *
   * @param problem why the last try failed; empty at first
   */
  static String html(String problem) {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Sign in to Cruddur</title>
    <style>
    body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 3rem auto; padding: 0 1rem; }
    input, button { font: inherit; width: 100%%; box-sizing: border-box; padding: .5rem; margin: .25rem 0 1rem; }
    [role=alert] { border-left: .25rem solid #b00020; padding-left: .75rem; }
    </style>
    </head>
    <body>
    <main>
    <h1>Sign in to Cruddur</h1>
    <p>This page runs on your own machine and stands in for Cognito's managed login.
    Any name is let in; the first sign-in of a name is its sign-up.</p>
    %s
    <form method="post">
    <label for="username">User name or e-mail address</label>
    <input id="username" name="username" autocomplete="username" autocapitalize="none" maxlength="128" required autofocus>
    <button type="submit">Sign in</button>
    </form>
    </main>
    </body>
    </html>
    """
        .formatted(problem.isEmpty() ? "" : "<p role=\"alert\">" + escape(problem) + "</p>");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
