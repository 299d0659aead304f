package cruddur.local.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ec2EndpointTest {
  @Test
  void isAPortOfThisMachine() {
    for (var address : new String[] {"http://127.0.0.1:5000", "http://localhost:5000/"}) {
      assertEquals(
          Optional.of(new Ec2Endpoint(5000)),
          Ec2Endpoint.of(Map.of("AWS_ENDPOINT_URL_EC2", address)));
    }
  }

  @Test
  void isOptional() {
    assertEquals(Optional.empty(), Ec2Endpoint.of(Map.of()));
    assertEquals(Optional.empty(), Ec2Endpoint.of(Map.of("AWS_ENDPOINT_URL_EC2", "")));
  }

  @Test
  void isTheSettingForEc2OrElseTheOneForAllServices() {
    var all = "http://127.0.0.1:5000";
    var ec2 = "http://127.0.0.1:5001";
    assertEquals(Optional.of(all), Ec2Endpoint.address(Map.of("AWS_ENDPOINT_URL", all)));
    assertEquals(
        Optional.of(ec2),
        Ec2Endpoint.address(Map.of("AWS_ENDPOINT_URL", all, "AWS_ENDPOINT_URL_EC2", ec2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1",
        "http://127.0.0.1:",
        "http://127.0.0.1:0",
        "http://127.0.0.1:65536",
        "http://127.0.0.1:-1",
        "http://127.0.0.1:x",
        "http://127.0.0.1.example:5000",
        "http://127.0.0.1:5000@ec2.example:5000",
        "http://ec2.example:5000",
        "http://192.0.2.1:5000",
        "https://127.0.0.1:5000",
        "https://ec2.us-east-1.amazonaws.com",
        "127.0.0.1:5000",
        "localhost:5000",
        "http://",
        "no address"
      })
  void isRefusedWhereContainersCannotReachIt(String address) {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> Ec2Endpoint.of(Map.of("AWS_ENDPOINT_URL_EC2", address)));
    assertEquals(
        "--containers needs AWS_ENDPOINT_URL_EC2 to be http://127.0.0.1:PORT, not " + address,
        refusal.getMessage());
  }
}
