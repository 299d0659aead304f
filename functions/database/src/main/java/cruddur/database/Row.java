package cruddur.database;

import java.util.Map;
import java.util.Optional;

/**
 * The one row that a statement returns: a JSON text in its first column, and in further columns
 * what the caller needs to know to send it on.
 *
 * @param json the first column, exactly as PostgreSQL built it
 * @param columns the further columns by name, as text, without those that are null
 */
public record Row(String json, Map<String, String> columns) {
  public Row {
    columns = Map.copyOf(columns);
  }

  /** A further column, or empty when it is null. */
  public Optional<String> column(String name) {
    return Optional.ofNullable(columns.get(name));
  }
}
