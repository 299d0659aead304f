package cruddur.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
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

  /** The row on which a result stands. */
  static Row read(ResultSet rows) throws SQLException {
    var names = rows.getMetaData();
    var columns = new HashMap<String, String>();
    for (var index = 2; index <= names.getColumnCount(); index++) {
      var value = rows.getString(index);
      if (value != null) {
        columns.put(names.getColumnLabel(index), value);
      }
    }
    return new Row(rows.getString(1), columns);
  }

  /** A further column, or empty when it is null. */
  public Optional<String> column(String name) {
    return Optional.ofNullable(columns.get(name));
  }
}
