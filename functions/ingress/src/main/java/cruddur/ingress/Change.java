package cruddur.ingress;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What has become of a workspace's hold on a rule.
 *
 * @param sessionsEnded database sessions that were ended since nobody holds the address any more;
 *     empty if the database could not be reached and they may live on
 */
record Change(Rule rule, Hold hold, Kind kind, OptionalInt sessionsEnded) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** What was done. */
  enum Kind {
    /** The workspace had no address. */
    OPENED,
    /** The workspace had another address, which is closed now. */
    MOVED,
    /** The workspace had this address. */
    RENEWED,
    /** The workspace has this address no more; another may still. */
    CLOSED,
    /** Nothing was asked for but to tell. */
    UNCHANGED
  }

  /** A change that ended no session. */
  static Change of(Rule rule, Hold hold, Kind kind) {
    return new Change(rule, hold, kind, OptionalInt.of(0));
  }

  /**
   * The answer: an array of objects with {@code workspace}, {@code address}, {@code ruleId}, {@code
   * change} (null for what is unchanged), {@code openedBy}, {@code expiresAt} (ISO 8601, UTC) and
   * {@code sessionsEnded}. Where the database could not be reached, the last is null and {@code
   * error} says {@code database_unavailable}.
   */
  static String json(List<Change> changes) {
    var text = new StringWriter();
    try (var json = FACTORY.createGenerator(text)) {
      json.writeStartArray();
      for (var change : changes) {
        change.write(json);
      }
      json.writeEndArray();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return text.toString();
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("workspace", hold.workspace());
    json.writeStringField("address", rule.address().text());
    json.writeStringField("ruleId", rule.id());
    json.writeStringField(
        "change", kind == Kind.UNCHANGED ? null : kind.name().toLowerCase(Locale.ROOT));
    json.writeStringField("openedBy", hold.openedBy());
    json.writeStringField("expiresAt", hold.expiresAt().toString().replace("Z", "+00:00"));
    if (sessionsEnded.isPresent()) {
      json.writeNumberField("sessionsEnded", sessionsEnded.getAsInt());
    } else {
      json.writeNullField("sessionsEnded");
      json.writeStringField("error", "database_unavailable");
    }
    json.writeEndObject();
  }
}
