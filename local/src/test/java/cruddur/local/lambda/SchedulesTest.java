package cruddur.local.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import cruddur.local.template.Json;
import cruddur.local.template.LocalAccount;
import cruddur.local.template.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SchedulesTest {
  @Test
  void makesTheEventOfEventBridge() throws Exception {
    var sample = (ObjectNode) Json.parse(Files.readAllBytes(Path.of("../events/canary.json")));
    var rule = new Schedule("HomeActivitiesFunction", "Canary", Duration.ofHours(4));
    var event =
        (ObjectNode)
            Json.parse(Schedules.event(rule, Instant.parse("2026-01-02T03:04:05.678901Z")));
    assertEquals("2026-01-02T03:04:05Z", event.path("time").asText());
    var id = event.path("id").asText();
    assertEquals(id, UUID.fromString(id).toString());
    var text = sample.toString().replace("123456789012", LocalAccount.ACCOUNT);
    var expected = (ObjectNode) Json.parse(text);
    expected.set("id", event.path("id"));
    expected.set("time", event.path("time"));
    assertEquals(expected, event);
  }
}
