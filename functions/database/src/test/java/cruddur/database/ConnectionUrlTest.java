package cruddur.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionUrlTest {
  @Test
  void takesAllPartsApart() {
    assertEquals(
        new ConnectionUrl(
            "db.example.com", 6432, "my db", "us@er", "p:a/s+s %", Map.of("sslmode", "require")),
        ConnectionUrl.parse(
            "postgresql://us%40er:p%3Aa%2Fs+s%20%25@db.example.com:6432/my%20db?sslmode=require"));
  }

  @Test
  void knowsTheDefaults() {
    assertEquals(
        new ConnectionUrl("h", 5432, "d", "u", null, Map.of()),
        ConnectionUrl.parse("postgres://u@h/d"));
  }

  @Test
  void takesAnIpv6Address() {
    assertEquals("[::1]", ConnectionUrl.parse("postgresql://u@[::1]:5432/d").host());
  }

  @Test
  void tellsEverythingButThePassword() {
    assertEquals("h:5432/d as u", ConnectionUrl.parse("postgresql://u:secret@h/d").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h/d",
        "mysql://u:secret@h/d",
        "postgresql://h/d",
        "postgresql://u:secret@h",
        "postgresql://u:secret@h/",
        "postgresql://u:secret@/d",
        "postgresql://u:secret@h/d?x",
        "postgresql://u:sec ret@h/d"
      })
  void refusesAnythingElseWithoutRepeatingIt(String url) {
    var failure = assertThrows(IllegalArgumentException.class, () -> ConnectionUrl.parse(url));
    assertFalse(failure.toString().contains("secret"), failure.toString());
  }
}
