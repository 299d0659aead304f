package cruddur.ingress;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import cruddur.ingress.Rule.Lease;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The change of one lease.
 *
 * @param sessionsEnded database sessions that ended with the rule; empty if it is not known
 */
record Change(Rule rule, Lease lease, Kind kind, OptionalInt sessionsEnded) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** OPENED: no address before. MOVED: another. RENEWED: the same. UNCHANGED: only listed. */
  enum Kind {
    OPENED,
    MOVED,
    RENEWED,
    CLOSED,
    UNCHANGED
  }

  Change closed(OptionalInt ended) {
    return new Change(rule, lease, Kind.CLOSED, ended);
  }

  /**
   * The response: an array of objects with {@code workspace}, {@code owner}, {@code address},
   * {@code ruleId}, {@code change} (null in a list), {@code openedBy}, {@code expiresAt} (ISO 8601,
   * UTC) and {@code sessionsEnded}. If the database could not be reached, the last is null and
   * {@code error} is {@code database_unavailable}.
   */
  static String json(List<Change> all) {
    var text = new StringWriter();
    try (var json = FACTORY.createGenerator(text)) {
      json.writeStartArray();
      for (var change : all) {
        change.write(json);
      }
      json.writeEndArray();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return text.toString();
  }

  private void write(JsonGenerator json) throws IOException {
    var change = kind == Kind.UNCHANGED ? null : kind.name().toLowerCase(Locale.ROOT);
    json.writeStartObject();
    json.writeStringField("workspace", lease.workspace());
    json.writeStringField("owner", lease.owner());
    json.writeStringField("address", rule.address());
    json.writeStringField("ruleId", rule.id());
    json.writeStringField("change", change);
    json.writeStringField("openedBy", lease.openedBy());
    json.writeStringField("expiresAt", lease.expiresAt().toString().replace("Z", "+00:00"));
    if (sessionsEnded.isPresent()) {
      json.writeNumberField("sessionsEnded", sessionsEnded.getAsInt());
    } else {
      json.writeNullField("sessionsEnded");
      json.writeStringField("error", "database_unavailable");
    }
    json.writeEndObject();
  }
}
