package cruddur.migrations;

import java.util.function.Consumer;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** What a test does at an event of a run; the action receives the name of the migration. */
final class Hook extends BaseCallback {
  private final Event event;
  private final Consumer<String> action;

  Hook(Event event, Consumer<String> action) {
    this.event = event;
    this.action = action;
  }

  @Override
  public boolean supports(Event candidate, Context context) {
    return candidate == event;
  }

  @Override
  public void handle(Event candidate, Context context) {
    action.accept(context.getMigrationInfo().getScript());
  }
}
