package cruddur.migrations;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The users whose names a run has changed, over all its attempts. */
final class NameChanges {
  private final Set<UUID> renamed = new LinkedHashSet<>();
  private int cleaned;

  /** Notes a user whose handle got a suffix, since its folded form was another user's. */
  void addRenamed(UUID user) {
    renamed.add(user);
  }

  /** Notes a user whose handle or display name did not follow the rules of today. */
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
