package cruddur.migrations;

import cruddur.database.Folding;
import cruddur.lambda.DisplayName;
import cruddur.lambda.Handle;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * Version 7: changes handles and display names that break the rules of {@link Handle} and {@link
 * DisplayName}, and folds the handles again. If a new handle folds to another user's, it gets a
 * suffix, as a new user's handle would. A user who already has the handle keeps it. Of two cleaned
 * users, the older one gets it.
 *
 * <p>Each user is a transaction, so no row is locked for long. A run after a crash changes only the
 * remaining users. Users who sign up during the deployment get their names from the former code,
 * and keep them until a later migration.
 */
final class CleanNames implements JavaMigration {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final int SHORT_SUFFIX = 6;

  // Keys are time-ordered, so this is the order in which the users came.
  private static final String NEXT =
      """
      select uuid, handle, handle_key, display_name, email, md5(cognito_user_id) as suffix
      from users
      where uuid > ?
      order by uuid
      limit 1000
      """;

  private static final String RENAME =
      """
      update users
      set handle = ?, handle_key = ?, display_name = ?
      where uuid = ?
        and not exists (
          select
          from users as other
          where other.handle_key = ?
            and other.uuid <> users.uuid
        )
      """;

  private final NameChanges changes;

  CleanNames(NameChanges changes) {
    this.changes = changes;
  }

  /**
   * A user as a row has it.
   *
   * @param suffix digest of the user's sub; a taken handle gets all of it, or its beginning, as a
   *     suffix
   */
  private record User(
      UUID uuid, String handle, String handleKey, String displayName, String email, String suffix) {
    /** The handle without the suffix of a taken handle. */
    String stem() {
      for (var end : List.of("-" + suffix, "-" + shortSuffix())) {
        if (handle.endsWith(end)) {
          return handle.substring(0, handle.length() - end.length());
        }
      }
      return handle;
    }

    String shortSuffix() {
      return suffix.substring(0, SHORT_SUFFIX);
    }
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("7");
  }

  @Override
  public String getDescription() {
    return "clean names";
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
    var users = next(new UUID(0, 0), connection);
    while (!users.isEmpty()) {
      for (var user : users) {
        clean(user, connection);
      }
      users = next(users.getLast().uuid(), connection);
    }
  }

  private static List<User> next(UUID last, Connection connection) throws SQLException {
    var users = new ArrayList<User>();
    try (var statement = connection.prepareStatement(NEXT)) {
      statement.setObject(1, last);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          users.add(
              new User(
                  rows.getObject("uuid", UUID.class),
                  rows.getString("handle"),
                  rows.getString("handle_key"),
                  rows.getString("display_name"),
                  rows.getString("email"),
                  rows.getString("suffix")));
        }
      }
    }
    return users;
  }

  private void clean(User user, Connection connection) throws SQLException {
    var stem = Handle.of(user.stem(), user.email());
    var handle = Handle.isValid(user.stem()) ? user.handle() : stem;
    var displayName = DisplayName.of(user.displayName()).orElse(stem);
    if (handle.equals(user.handle())
        && Folding.fold(handle).equals(user.handleKey())
        && displayName.equals(user.displayName())) {
      return;
    }
    if (!rename(user, handle, displayName, connection)) {
      if (!rename(user, stem + "-" + user.shortSuffix(), displayName, connection)
          && !rename(user, stem + "-" + user.suffix(), displayName, connection)) {
        throw new SQLException("no handle is free", UNIQUE_VIOLATION);
      }
      changes.addRenamed(user.uuid());
    }
    changes.addCleaned();
  }

  private static boolean rename(User user, String handle, String displayName, Connection connection)
      throws SQLException {
    var key = Folding.fold(handle);
    try (var statement = connection.prepareStatement(RENAME)) {
      statement.setString(1, handle);
      statement.setString(2, key);
      statement.setString(3, displayName);
      statement.setObject(4, user.uuid());
      statement.setString(5, key);
      return statement.executeUpdate() == 1;
    } catch (SQLException failure) {
      // A sign-up took the handle meanwhile.
      if (UNIQUE_VIOLATION.equals(failure.getSQLState())) {
        return false;
      }
      throw failure;
    }
  }
}
