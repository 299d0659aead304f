package cruddur.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One statement, read from a file of {@code sql/}. Its {@code :name} parameters are bound by name;
 * {@code --} comments are left out of what is sent. Immutable, so it may be kept in a constant and
 * shared by threads.
 */
public final class Sql {
  // A literal, a comment and a cast come first, since a colon in them begins no parameter.
  private static final Pattern TOKEN =
      Pattern.compile("'(?:[^']|'')*'|(--[^\\n]*)|::|:([a-z_][a-z0-9_]*)");

  private final String file;
  private final String text;
  private final List<String> parameters;

  private Sql(String file, String text, List<String> parameters) {
    this.file = file;
    this.text = text;
    this.parameters = List.copyOf(parameters);
  }

  /**
   * Reads a statement from the class path.
   *
   * @param file path below {@code sql/}, for example {@code activities/create.sql}
   * @throws IllegalArgumentException if there is no such file
   */
  public static Sql load(String file) {
    try (InputStream stream = Sql.class.getResourceAsStream("/sql/" + file)) {
      if (stream == null) {
        throw new IllegalArgumentException("sql/" + file + " is not on the class path");
      }
      return parse(file, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static Sql parse(String file, String source) {
    var parameters = new ArrayList<String>();
    var text = new StringBuilder(source.length());
    var tokens = TOKEN.matcher(source);
    while (tokens.find()) {
      var parameter = tokens.group(2);
      if (parameter != null) {
        parameters.add(parameter);
        tokens.appendReplacement(text, "?");
      } else {
        tokens.appendReplacement(text, tokens.group(1) != null ? "" : "$0");
      }
    }
    tokens.appendTail(text);
    return new Sql(file, text.toString().strip(), parameters);
  }

  /** A call of this statement, without values of its parameters yet. */
  public Query query() {
    return new Query(this);
  }

  /** Path below {@code sql/}. */
  public String file() {
    return file;
  }

  /** What is sent to the database, with {@code ?} for each parameter. */
  String text() {
    return text;
  }

  /** Names of the parameters in the order of the text; a repeated name occurs repeatedly. */
  List<String> parameters() {
    return parameters;
  }
}
