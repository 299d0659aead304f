package cruddur.migrations;

import cruddur.database.DatabaseException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Migrates a database from the command line, for {@code bin/db-migrate}: {@code Main [--dry-run]}.
 * {@code CONNECTION_URL} names the database. Settings that the URL lacks come from {@code
 * PGPASSWORD}, {@code PGSSLMODE} and {@code PGSSLROOTCERT}. Without a password the role signs in by
 * IAM. {@code STAGE=production} marks the database as production.
 *
 * <p>Prints a line for each migration that it applied, or that is pending, and one for each user
 * whose handle got a suffix. Exits with 1 after a failure and with 2 for bad usage.
 */
public final class Main {
  private Main() {}

  /** Runs, and ends the process with the exit status. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.getenv(), System.out, System.err));
  }

  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (!arguments.isEmpty() && !arguments.equals(List.of("--dry-run"))) {
      err.println("usage: Main [--dry-run]");
      return 2;
    }
    Migrator migrator;
    try {
      migrator = Migrator.of(completed(environment), RetryPolicy.COMMAND_LINE);
    } catch (IllegalArgumentException invalid) {
      err.println(invalid.getMessage());
      return 2;
    }
    try {
      print(arguments.isEmpty() ? migrator.migrate() : migrator.pending(), out, err);
      return 0;
    } catch (MigrationFailedException | DatabaseException failure) {
      err.println(failure.getMessage());
      return 1;
    }
  }

  private static void print(Report report, PrintStream out, PrintStream err) {
    for (var migration : report.applied()) {
      out.println("applied " + migration.file() + " " + migration.time().toMillis() + " ms");
    }
    for (var migration : report.pending()) {
      out.println("pending " + migration.file());
    }
    for (var user : report.renamed()) {
      out.println("renamed " + user);
    }
    if (report.cleaned() > 0) {
      err.println("Users whose names did not follow the rules: " + report.cleaned() + ".");
    }
    if (!report.renamed().isEmpty()) {
      err.println(
          "Users whose handle got a suffix, since another user has it: "
              + report.renamed().size()
              + ".");
    }
    err.println(
        report.version() == null
            ? report.database() + " has no tables yet."
            : report.database() + " has version " + report.version() + ".");
  }

  /** The environment, its URL completed with libpq's variables as psql would. */
  static Map<String, String> completed(Map<String, String> environment) {
    var url =
        withPassword(
            environment.getOrDefault("CONNECTION_URL", ""),
            environment.getOrDefault("PGPASSWORD", ""));
    url = withSetting(url, "sslmode", environment.getOrDefault("PGSSLMODE", ""));
    url = withSetting(url, "sslrootcert", environment.getOrDefault("PGSSLROOTCERT", ""));
    var completed = new HashMap<>(environment);
    completed.put("CONNECTION_URL", url);
    return completed;
  }

  private static String withPassword(String url, String password) {
    return password.isEmpty()
        ? url
        : url.replaceFirst("//([^:@/]+)@", "//$1:" + encoded(password) + "@");
  }

  private static String withSetting(String url, String name, String value) {
    var isSet = url.matches("(?s).*[?&]" + name + "=.*");
    return value.isEmpty() || isSet
        ? url
        : url + (url.contains("?") ? "&" : "?") + name + "=" + encoded(value);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
