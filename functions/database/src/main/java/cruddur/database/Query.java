package cruddur.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A statement with the values of its parameters, for one call. Not for use by several threads. */
public final class Query {
  private final Sql sql;
  private final Map<String, @Nullable Object> values = new HashMap<>();

  Query(Sql sql) {
    this.sql = sql;
  }

  /**
   * Gives a parameter its value.
   *
   * @param value of a type that JDBC supports: text, a number, a UUID; null is SQL's null
   * @throws IllegalArgumentException if the statement has no parameter of that name
   */
  public Query bind(String parameter, @Nullable Object value) {
    if (!sql.parameters().contains(parameter)) {
      throw new IllegalArgumentException("sql/" + sql.file() + " has no parameter :" + parameter);
    }
    values.put(parameter, value);
    return this;
  }

  Sql sql() {
    return sql;
  }

  void setParameters(PreparedStatement statement) throws SQLException {
    var position = 1;
    for (var parameter : sql.parameters()) {
      if (!values.containsKey(parameter)) {
        throw new IllegalStateException("sql/" + sql.file() + ": :" + parameter + " is not bound");
      }
      statement.setObject(position++, values.get(parameter));
    }
  }
}
