package dev.gantry.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise B2: what a caller names leads to public addresses only, and to what is exempt. */
class AddressPolicyTest {
  private static AddressPolicy allowing(String... entries) {
    return AddressPolicy.of(List.of(entries), InetAddress::getAllByName);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.255",
        "168.63.129.16",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255"
      })
  void refusesWhatIsNotPublicInEveryFormOfIt(String address) throws UnknownHostException {
    assertRefused(address);
    assertRefused("::" + address);
    assertRefused("64:ff9b::" + address);
    assertRefused("64:ff9b:1::" + address);
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    byte[] bytes = InetAddress.getByName(address).getAddress();
    System.arraycopy(bytes, 0, mapped, 12, 4);
    Inet6Address kept = Inet6Address.getByAddress("host", mapped, 0);
    assertThatThrownBy(() -> allowing().check("host", kept))
        .isInstanceOf(RefusedAddressException.class);
    String sixToFour =
        "2002:%02x%02x:%02x%02x::1".formatted(bytes[0], bytes[1], bytes[2], bytes[3]);
    assertRefused(sixToFour);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "2002::1",
        "3fff::1",
        "100::1",
        "4000::1"
      })
  void refusesWhatIsNoPublicIpv6(String address) {
    assertRefused(address);
  }

  /** Spellings that a system's resolver understands, and that a pattern would miss. */
  @ParameterizedTest
  @ValueSource(strings = {"2130706433", "127.1", "[::1]", "[::ffff:7f00:1]", "localhost"})
  void refusesOtherSpellings(String host) {
    assertThatThrownBy(() -> allowing().resolve(host))
        .isInstanceOf(RefusedAddressException.class)
        .hasMessageContaining("'" + host + "'")
        .hasMessageContaining("gantry.network.allow");
  }

  /** Some systems read it as 127.0.0.1, some not at all. */
  @Test
  void resolvesNoHexadecimalAddress() {
    assertThatThrownBy(() -> allowing().resolve("0x7f000001"))
        .isInstanceOf(UnknownHostException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00::1",
        "64:ff9b::1.1.1.1"
      })
  void letsPublicAddressesPass(String address) throws UnknownHostException {
    assertThat(allowing().resolve(address)).containsExactly(InetAddress.getByName(address));
  }

  @Test
  void refusesAHostWhenOneOfItsAddressesIsPrivate() throws UnknownHostException {
    InetAddress open = InetAddress.getByName("1.1.1.1");
    InetAddress inner = InetAddress.getByName("10.0.0.7");
    AddressPolicy policy = AddressPolicy.of(List.of(), host -> new InetAddress[] {open, inner});

    assertThatThrownBy(() -> policy.resolve("two.example.com"))
        .isInstanceOf(RefusedAddressException.class)
        .hasMessageContaining("'two.example.com' has the address 10.0.0.7");
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.0/16, any, 10.1.2.3, true",
    "10.1.0.0/16, any, 10.2.0.1, false",
    "10.1.0.0/16, any, ::ffff:10.1.2.3, true",
    "10.1.2.3, any, 10.1.2.3, true",
    "10.1.2.3, any, 10.1.2.4, false",
    "fd00::/8, any, fd12::1, true",
    "fd00::/8, any, fc00::1, false",
    "::1, any, ::1, true",
    "::1, any, 127.0.0.1, false",
    "git.internal, git.internal, 10.0.0.1, true",
    "git.internal, GIT.Internal., 10.0.0.1, true",
    "git.internal, a.git.internal, 10.0.0.1, false",
    ".internal, a.git.internal, 10.0.0.1, true",
    ".internal, internal, 10.0.0.1, false",
    ".internal, notinternal, 10.0.0.1, false"
  })
  void exemptsWhatTheOperatorAllows(String entry, String host, String address, boolean allowed)
      throws UnknownHostException {
    InetAddress asked = InetAddress.getByName(address);
    if (allowed) {
      assertThatCode(() -> allowing(entry).check(host, asked)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> allowing(entry).check(host, asked))
          .isInstanceOf(RefusedAddressException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0", "10.0.0.0/33", "10.0.0.0/x", "fd00::/129", "a b", "", "*.x.y"})
  void saysWhichEntryOfTheSettingIsFaulty(String entry) {
    assertThatThrownBy(() -> allowing(entry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gantry.network.allow: '" + entry + "'");
  }

  private static void assertRefused(String address) {
    assertThatThrownBy(() -> allowing().resolve(address))
        .as(address)
        .isInstanceOf(RefusedAddressException.class);
  }
}
