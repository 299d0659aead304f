package cruddur.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The one row that a statement returns.
 *
 * @param columns by name, as text exactly as PostgreSQL wrote it, without those that are null
 */
public record Row(Map<String, String> columns) {
  public Row {
    columns = Map.copyOf(columns);
  }

  /** The current row of a result set. */
  static Row read(ResultSet rows) throws SQLException {
    var names = rows.getMetaData();
    var columns = new HashMap<String, String>();
    for (var index = 1; index <= names.getColumnCount(); index++) {
      var value = rows.getString(index);
      if (value != null) {
        columns.put(names.getColumnLabel(index), value);
      }
    }
    return new Row(columns);
  }

  /** A column's text, or empty if the column is null. */
  public Optional<String> column(String name) {
    return Optional.ofNullable(columns.get(name));
  }

  /**
   * The text of a column that is never null.
   *
   * @throws IllegalStateException if it is null, or the statement returns no such column
   */
  public String text(String name) {
    return column(name)
        .orElseThrow(() -> new IllegalStateException("the row has no " + name + ", or it is null"));
  }
}
