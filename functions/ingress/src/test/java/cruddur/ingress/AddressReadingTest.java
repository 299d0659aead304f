package cruddur.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AddressReadingTest {
  /** Texts that are not the address of a workspace: text, code. */
  static List<String> refused() {
    return """
    ''                                  | address_blank
    '   '                               | address_blank
    '\t'                                | address_blank
    8.8.4.4/31                          | address_not_one_host
    8.8.4.4/24                          | address_not_one_host
    8.8.4.4/0                           | address_not_one_host
    0.0.0.0/0                           | address_not_one_host
    10.0.0.0/8                          | address_not_one_host
    8.8.4.4/33                          | address_not_one_host
    8.8.4.4/128                         | address_not_one_host
    8.8.4.4/255.255.255.255             | address_not_one_host
    8.8.4.4/                            | address_not_one_host
    8.8.4.4/032                         | address_not_one_host
    8.8.4.4/32/32                       | address_not_one_host
    ::/0                                | address_not_ipv4
    2a00:1450::1                        | address_not_ipv4
    2a00:1450::1/128                    | address_not_ipv4
    2A00:1450:0000:0000:0000:0000:0000:0001 | address_not_ipv4
    2a00::8.8.4.4                       | address_not_ipv4
    2a00:1450::1/64                     | address_not_ipv4
    10.0.0.1                            | address_private
    10.255.255.255                      | address_private
    10.0.0.1/32                         | address_private
    172.16.0.1                          | address_private
    172.31.255.255                      | address_private
    192.168.0.1                         | address_private
    192.168.255.255                     | address_private
    fd00:ec2::254                       | address_not_ipv4
    100.64.0.1                          | address_carrier_grade
    100.127.255.255                     | address_carrier_grade
    127.0.0.1                           | address_loopback
    127.255.255.255                     | address_loopback
    ::1                                 | address_not_ipv4
    169.254.0.1                         | address_link_local
    169.254.169.254                     | address_link_local
    224.0.0.1                           | address_multicast
    239.255.255.255                     | address_multicast
    192.0.2.1                           | address_documentation
    198.51.100.1                        | address_documentation
    203.0.113.7                         | address_documentation
    0.0.0.0                             | address_reserved
    0.1.2.3                             | address_reserved
    192.0.0.1                           | address_reserved
    192.88.99.1                         | address_reserved
    198.18.0.1                          | address_reserved
    198.19.255.255                      | address_reserved
    240.0.0.1                           | address_reserved
    255.255.255.255                     | address_reserved
    ::                                  | address_not_ipv4
    ::8.8.4.4                           | address_not_ipv4
    ::ffff:8.8.4.4                      | address_not_ipv4
    ::ffff:808:404                      | address_not_ipv4
    0:0:0:0:0:FFFF:808:404              | address_not_ipv4
    010.8.4.4                           | address_malformed
    8.8.4.04                            | address_malformed
    0x8.8.4.4                           | address_malformed
    0x08080404                          | address_malformed
    134743044                           | address_malformed
    8.8.1028                            | address_malformed
    8.8                                 | address_malformed
    8                                   | address_malformed
    8.8.4.4.4                           | address_malformed
    8.8.4                               | address_malformed
    8.8.4.                              | address_malformed
    .8.8.4.4                            | address_malformed
    8.8.4.256                           | address_malformed
    8.8.4.-4                            | address_malformed
    8.8.4.+4                            | address_malformed
    '8.8.4.4 '                          | address_malformed
    ' 8.8.4.4'                          | address_malformed
    8.8.4.4,1.1.1.1                     | address_malformed
    8.8.4.4:5432                        | address_malformed
    8.8.4.4;8.8.8.8                     | address_malformed
    ８.８.４.４                             | address_malformed
    ٨.٨.٤.٤                             | address_malformed
    8。8。4。4                             | address_malformed
    localhost                           | address_malformed
    example.com                         | address_malformed
    dns.google                          | address_malformed
    beef                                | address_malformed
    *                                   | address_malformed
    any                                 | address_malformed
    null                                | address_malformed
    [2a00:1450::1]                      | address_malformed
    2a00:1450::1%eth0                   | address_malformed
    fe80::1%1                           | address_malformed
    2a00:1450:::1                       | address_malformed
    2a00::1450::1                       | address_malformed
    2a00:1450                           | address_malformed
    2a00:1450:1:2:3:4:5                 | address_malformed
    2a00:1450:1:2:3:4:5:6:7             | address_malformed
    2a00:1450::12345                    | address_malformed
    2a00:1450::g                        | address_malformed
    2a00:1450:1:2:3:4:5:                | address_malformed
    :2a00:1450:1:2:3:4:5:6              | address_malformed
    :                                   | address_malformed
    :::                                 | address_malformed
    2a00::8.8.4.256                     | address_malformed
    2a00::08.8.4.4                      | address_not_ipv4
    """
        .replace("'\\t'", "'\t'")
        .lines()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWithACode(String line) {
    assertEquals(new AddressReading.Invalid(code(line)), AddressReading.parse(text(line)));
  }

  /** The address of a line of {@link #refused}, without its quotes. */
  static String text(String line) {
    var text = line.substring(0, line.indexOf('|')).stripTrailing();
    return text.startsWith("'") ? text.substring(1, text.length() - 1) : text;
  }

  static String code(String line) {
    return line.substring(line.indexOf('|') + 1).strip();
  }

  @ParameterizedTest
  @CsvSource({
    "8.8.4.4, 8.8.4.4",
    "8.8.4.4/32, 8.8.4.4",
    "1.0.0.0, 1.0.0.0",
    "9.255.255.255, 9.255.255.255",
    "11.0.0.0, 11.0.0.0",
    "100.63.255.255, 100.63.255.255",
    "100.128.0.0, 100.128.0.0",
    "172.15.255.255, 172.15.255.255",
    "172.32.0.0, 172.32.0.0",
    "223.255.255.255, 223.255.255.255",
  })
  void readsOnePublicHost(String text, String address) {
    assertEquals(new AddressReading.Valid(address), AddressReading.parse(text));
  }
}
