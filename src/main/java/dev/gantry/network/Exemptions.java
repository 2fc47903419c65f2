package dev.gantry.network;

import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the operator allows beside public addresses. */
record Exemptions(List<IpSubnetFilterRule> ranges, List<String> hosts) {
  private static final Pattern HOST = Pattern.compile("\\.?[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
  private static final Pattern LETTER = Pattern.compile("[a-z]");

  static Exemptions of(Collection<String> entries) {
    List<IpSubnetFilterRule> ranges = new ArrayList<>();
    List<String> hosts = new ArrayList<>();
    for (String entry : entries) {
      String text = entry.strip().toLowerCase(Locale.ROOT);
      if (HOST.matcher(text).matches() && LETTER.matcher(text).find()) {
        hosts.add(text);
      } else {
        ranges.add(range(text));
      }
    }
    return new Exemptions(List.copyOf(ranges), List.copyOf(hosts));
  }

  private static IpSubnetFilterRule range(String text) {
    try {
      return Ranges.range(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: '%s' is no address, no range as 10.1.0.0/16 and no host name"
              .formatted(AddressPolicy.SETTING, text),
          e);
    }
  }

  /** One host more, or an address as a URL names it. */
  Exemptions and(String host) {
    List<String> more = new ArrayList<>(hosts);
    more.add(host);
    return new Exemptions(ranges, List.copyOf(more));
  }

  boolean host(String host) {
    return hosts.stream()
        .anyMatch(entry -> entry.startsWith(".") ? host.endsWith(entry) : host.equals(entry));
  }

  boolean address(InetAddress address) {
    return Ranges.any(ranges, address);
  }
}
