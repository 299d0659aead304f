package cruddur.migrations;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run.
 *
 * @param database name of the database
 * @param version the version of the database after the run, or null if it has none; it may be newer
 *     than the code
 * @param tls TLS version of the run's own connection, or null without TLS
 * @param applied by this run, in order
 * @param pending migrations that a run would apply, in order; empty after a run that is not dry
 * @param cleaned number of users whose handle, folded handle or display name was changed
 * @param renamed users whose handle got a suffix, since its folded form was another user's
 */
record Report(
    String database,
    @Nullable String version,
    @Nullable String tls,
    List<Migration> applied,
    List<Migration> pending,
    int cleaned,
    List<UUID> renamed) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /**
   * The report must fit into one log event of 256 KB (Amazon CloudWatch Logs API Reference,
   * "PutLogEvents").
   */
  private static final int MOST_USERS = 1000;

  Report {
    applied = List.copyOf(applied);
    pending = List.copyOf(pending);
    renamed = List.copyOf(renamed);
  }

  /**
   * The report as UTF-8 JSON: {@code {"version": "2", "database": "cruddur", "tls": "TLSv1.3",
   * "applied": [{"file": "V2__x.sql", "version": "2", "description": "x", "milliseconds": 12}],
   * "pending": [], "cleaned": 3, "renamed": 1, "renamedUsers": ["0198…"]}}, with the first 1000 of
   * the users.
   */
  byte[] json() {
    var bytes = new ByteArrayOutputStream();
    try (var json = FACTORY.createGenerator(bytes, JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeStringField("version", version);
      json.writeStringField("database", database);
      json.writeStringField("tls", tls);
      json.writeArrayFieldStart("applied");
      for (var migration : applied) {
        write(migration, json);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("pending");
      for (var migration : pending) {
        write(migration, json);
      }
      json.writeEndArray();
      json.writeNumberField("cleaned", cleaned);
      json.writeNumberField("renamed", renamed.size());
      json.writeArrayFieldStart("renamedUsers");
      for (var user : renamed.subList(0, Math.min(renamed.size(), MOST_USERS))) {
        json.writeString(user.toString());
      }
      json.writeEndArray();
      // close() would also write it.
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void write(Migration migration, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", migration.file());
    json.writeStringField("version", migration.version());
    json.writeStringField("description", migration.description());
    json.writeNumberField("milliseconds", migration.time().toMillis());
    json.writeEndObject();
  }
}
