package cruddur.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** What a test does at an event of a run. */
final class Hook extends BaseCallback {
  /** Receives the name of the migration, and the connection on which it runs. */
  interface Action {
    void run(String migration, Connection connection) throws SQLException;
  }

  private final Event event;
  private final Action action;

  Hook(Event event, Action action) {
    this.event = event;
    this.action = action;
  }

  @Override
  public boolean supports(Event candidate, Context context) {
    return candidate == event;
  }

  @Override
  public void handle(Event candidate, Context context) {
    try {
      action.run(context.getMigrationInfo().getScript(), context.getConnection());
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
