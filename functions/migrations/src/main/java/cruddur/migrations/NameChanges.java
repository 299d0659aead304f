package cruddur.migrations;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The users whose names a run has changed, in all its attempts. */
final class NameChanges {
  private final Set<UUID> renamed = new LinkedHashSet<>();
  private int cleaned;

  /** Adds a user whose handle got a suffix, since its folded form was another user's. */
  void addRenamed(UUID user) {
    renamed.add(user);
  }

  /** Counts a user whose handle, folded handle or display name was changed. */
  void addCleaned() {
    cleaned++;
  }

  List<UUID> renamed() {
    return List.copyOf(renamed);
  }

  int cleaned() {
    return cleaned;
  }
}
