package cruddur.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {
  private static final String STS = "arn:aws:sts::123456789012:";

  @ParameterizedTest
  @CsvSource({
    "arn:aws:iam::123456789012:root, arn:aws:iam::123456789012:root",
    "arn:aws:iam::123456789012:user/andrew, arn:aws:iam::123456789012:user/andrew",
    "arn:aws:iam::123456789012:user/team/web/andrew, arn:aws:iam::123456789012:user/andrew",
    "arn:aws-us-gov:iam::123456789012:user/x/andrew, arn:aws-us-gov:iam::123456789012:user/andrew",
    STS + "federated-user/andrew, " + STS + "federated-user/andrew",
    STS + "assumed-role/Developer/botocore-session-1767225600, " + STS + "assumed-role/Developer",
    STS + "assumed-role/Developer/andrew@example.com, " + STS + "assumed-role/Developer",
    STS + "assumed-role/Workspace/i-0123456789abcdef0, " + STS + "assumed-role/Workspace",
    STS
        + "assumed-role/AWSReservedSSO_Developer_0123456789abcdef/andrew@example.com, "
        + STS
        + "assumed-role/AWSReservedSSO_Developer_0123456789abcdef/andrew@example.com",
  })
  void anOwnerIsThePersonOrTheRole(String arn, String owner) {
    assertEquals(Optional.of(new Caller(arn, owner)), Caller.signed(arn));
  }

  /** A path may have any printable ASCII character; a tag may not. */
  @Test
  void namesWithOtherCharactersThanATagStayApart() {
    assertEquals("arn:aws:iam::1:user/a=2Cb", owner("arn:aws:iam::1:user/a,b"));
    assertEquals("arn:aws:iam::1:user/a=3D2Cb", owner("arn:aws:iam::1:user/a=2Cb"));
    assertEquals(
        Optional.of(
            new Caller("arn:aws:iam::1:user/=21x=28=7E/andrew", "arn:aws:iam::1:user/andrew")),
        Caller.signed("arn:aws:iam::1:user/!x(~/andrew"));
  }

  private static String owner(String arn) {
    return Caller.signed(arn).orElseThrow().owner();
  }

  @Test
  void theLongestNamesOfRoleAndSessionFitWithTwoOtherCharacters() {
    var role = "arn:aws-us-gov:sts::123456789012:assumed-role/AWSReservedSSO_" + "r".repeat(49);
    var arn = role + "/" + "s".repeat(62);
    assertEquals(arn + "=3D=2C", owner(arn + "=,"));
    assertEquals("", owner(arn.replace("ss", "==")), "too long for a tag");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "andrew",
        "administrator",
        "arn:aws:iam::123456789012:user/an drew",
        "arn:aws:iam::123456789012:user/a\n[ERROR] forged",
        "arn:aws:iam::123456789012:user/josé"
      })
  void anythingElseIsNoCaller(String text) {
    assertEquals(Optional.empty(), Caller.signed(text));
  }
}
