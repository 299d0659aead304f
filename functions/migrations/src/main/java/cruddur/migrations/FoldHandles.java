package cruddur.migrations;

import cruddur.database.Folding;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * Version 4: writes each user's folded handle, which SQL cannot compute as {@link Folding} does. Of
 * two users with the same folded handle, the older one keeps it; the other gets a suffix, as a new
 * user would. The unique index of version 3 prevents duplicates.
 *
 * <p>Each statement is a transaction, so no row is locked for long. After a crash, the next run
 * continues with the remaining rows.
 */
final class FoldHandles implements JavaMigration {
  private static final int BATCH = 1000;
  private static final String UNIQUE_VIOLATION = "23505";

  /** A longer handle is cut before its suffix, in code points. */
  private static final int LONGEST_WITHOUT_SUFFIX = 64;

  // Keys are time-ordered, so this is the order in which the users came.
  private static final String NEXT =
      """
      select uuid, handle
      from users
      where handle_key is null
        and uuid > ?
      order by uuid
      limit %d
      """
          .formatted(BATCH);

  private static final String FILL =
      """
      update users
      set handle_key = folded.handle_key
      from unnest(?, ?) as folded (uuid, handle_key)
      where users.uuid = folded.uuid
        and users.handle_key is null
        and not exists (select from users as other where other.handle_key = folded.handle_key)
      returning users.uuid
      """;

  private static final String RENAME =
      """
      update users
      set
        handle = ? || '-' || left(md5(cognito_user_id), ?),
        handle_key = ? || '-' || left(md5(cognito_user_id), ?)
      where uuid = ?
        and handle_key is null
        and not exists (
          select
          from users as other
          where other.handle_key = ? || '-' || left(md5(users.cognito_user_id), ?)
        )
      """;

  private static final int SHORT_SUFFIX = 6;
  private static final int LONG_SUFFIX = 32;

  private final NameChanges changes;

  FoldHandles(NameChanges changes) {
    this.changes = changes;
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("4");
  }

  @Override
  public String getDescription() {
    return "fold handles";
  }

  @Override
  public Integer getChecksum() {
    return 1;
  }

  @Override
  public boolean canExecuteInTransaction() {
    return false;
  }

  @Override
  public void migrate(Context context) throws SQLException {
    var connection = context.getConnection();
    var conflicts = 0;
    // The last user of the previous batch: completed rows are not read again.
    var last = new UUID(0, 0);
    for (var handles = next(last, connection);
        !handles.isEmpty();
        handles = next(last, connection)) {
      try {
        fold(handles, connection);
        last = handles.lastEntry().getKey();
        conflicts = 0;
      } catch (SQLException failure) {
        // A sign-up took one of the handles meanwhile; the next reading of the rows sees it.
        if (!UNIQUE_VIOLATION.equals(failure.getSQLState()) || ++conflicts == 10) {
          throw failure;
        }
      }
    }
  }

  private static SequencedMap<UUID, String> next(UUID last, Connection connection)
      throws SQLException {
    var handles = new LinkedHashMap<UUID, String>();
    try (var statement = connection.prepareStatement(NEXT)) {
      statement.setObject(1, last);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          handles.put(rows.getObject(1, UUID.class), rows.getString(2));
        }
      }
    }
    return handles;
  }

  private void fold(Map<UUID, String> handles, Connection connection) throws SQLException {
    var uuids = new ArrayList<UUID>();
    var keys = new ArrayList<String>();
    var seen = new HashSet<String>();
    for (var handle : handles.entrySet()) {
      var key = Folding.fold(handle.getValue());
      if (seen.add(key)) {
        uuids.add(handle.getKey());
        keys.add(key);
      }
    }
    var filled = fill(uuids, keys, connection);
    for (var handle : handles.entrySet()) {
      if (!filled.contains(handle.getKey())) {
        rename(handle.getKey(), handle.getValue(), connection);
      }
    }
  }

  private static Set<UUID> fill(List<UUID> uuids, List<String> keys, Connection connection)
      throws SQLException {
    var filled = new HashSet<UUID>();
    try (var statement = connection.prepareStatement(FILL)) {
      statement.setArray(1, array(connection, "uuid", uuids));
      statement.setArray(2, array(connection, "text", keys));
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          filled.add(rows.getObject(1, UUID.class));
        }
      }
    }
    return filled;
  }

  private static Array array(Connection connection, String type, List<?> elements)
      throws SQLException {
    return connection.createArrayOf(type, elements.toArray());
  }

  private void rename(UUID user, String handle, Connection connection) throws SQLException {
    var longest = Math.min(handle.codePointCount(0, handle.length()), LONGEST_WITHOUT_SUFFIX);
    var stem = handle.substring(0, handle.offsetByCodePoints(0, longest));
    if (!rename(user, stem, SHORT_SUFFIX, connection)
        && !rename(user, stem, LONG_SUFFIX, connection)) {
      throw new SQLException("no handle is free", UNIQUE_VIOLATION);
    }
    changes.addRenamed(user);
  }

  private static boolean rename(UUID user, String stem, int suffix, Connection connection)
      throws SQLException {
    var key = Folding.fold(stem);
    try (var statement = connection.prepareStatement(RENAME)) {
      statement.setString(1, stem);
      statement.setInt(2, suffix);
      statement.setString(3, key);
      statement.setInt(4, suffix);
      statement.setObject(5, user);
      statement.setString(6, key);
      statement.setInt(7, suffix);
      return statement.executeUpdate() == 1;
    }
  }
}
