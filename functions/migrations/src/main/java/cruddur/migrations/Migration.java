package cruddur.migrations;

import java.time.Duration;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;

/**
 * One migration that was applied or is pending.
 *
 * @param file its name in {@code sql/migrations}, or the name of a Java class
 * @param version null for a repeatable migration, which runs whenever its file changes
 * @param time that it took; zero if it is pending
 */
record Migration(String file, @Nullable String version, String description, Duration time) {
  static Migration of(MigrationInfo info, Duration time) {
    var version = info.isVersioned() ? info.getVersion().getVersion() : null;
    return new Migration(info.getScript(), version, info.getDescription(), time);
  }

  /** A migration as a message names it: the path of its SQL file, or its Java class. */
  static String source(String script) {
    return script.endsWith(".sql") ? "sql/migrations/" + script : script;
  }
}
