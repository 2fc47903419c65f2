package dev.gantry.network;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Ranges of addresses, and those of them that are not public, after the IANA's registries. */
final class Ranges {
  private static final List<IpSubnetFilterRule> NOT_PUBLIC =
      Stream.of(
              "0.0.0.0/8", // this network, unspecified
              "10.0.0.0/8",
              "100.64.0.0/10", // carriers' NAT
              "127.0.0.0/8",
              "168.63.129.16", // Azure's virtual host, metadata
              "169.254.0.0/16", // link-local, metadata
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24", // documentation, as two below
              "192.88.99.0/24", // 6to4 relays
              "192.168.0.0/16",
              "198.18.0.0/15", // benchmarks
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, broadcast
              "::/3", // all but 2000::/3: unspecified, loopback, IPv4-compatible, local NAT64
              "4000::/2",
              "8000::/1", // unique local, link-local, multicast
              "2001::/23", // Teredo, ORCHID and other protocols
              "2001:db8::/32", // documentation
              "2002::/16", // 6to4
              "3fff::/20") // documentation
          .map(Ranges::range)
          .toList();

  private static final List<byte[]> WRAPPERS =
      Stream.of("::ffff:0:0", "64:ff9b::")
          .map(prefix -> Arrays.copyOf(NetUtil.createByteArrayFromIpAddressString(prefix), 12))
          .toList();

  private Ranges() {}

  static boolean isPublic(InetAddress address) {
    return !any(NOT_PUBLIC, address);
  }

  static boolean any(List<IpSubnetFilterRule> ranges, InetAddress address) {
    InetSocketAddress socket = new InetSocketAddress(address, 0);
    return ranges.stream().anyMatch(range -> range.matches(socket));
  }

  /** The IPv4 address that a mapped or NAT64 one leads to; any other as it is. */
  static InetAddress unwrapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean wrapped =
        bytes.length == 16
            && WRAPPERS.stream().anyMatch(prefix -> Arrays.equals(prefix, 0, 12, bytes, 0, 12));
    return wrapped ? address(Arrays.copyOfRange(bytes, 12, 16)) : address;
  }

  /** {@code 10.0.0.0/8}, or one address. Never looks up a name. */
  static IpSubnetFilterRule range(String text) {
    String[] parts = text.split("/", 2);
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(parts[0]);
    if (bytes == null) {
      throw new IllegalArgumentException("no address: " + parts[0]);
    }
    int bits = parts.length == 2 ? Integer.parseInt(parts[1]) : bytes.length * 8;
    return new IpSubnetFilterRule(address(bytes), bits, IpFilterRuleType.REJECT);
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
    }
  }
}
