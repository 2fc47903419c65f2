package dev.gantry.webhooks;

import dev.gantry.network.AddressPolicy;
import dev.gantry.network.RefusedAddressException;
import dev.gantry.resources.Fields;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * Judges addresses that a webhook is to be sent to, as far as their text tells: what a host's name
 * leads to is judged by whoever connects. Pure code.
 */
final class Destination {
  private static final List<String> SCHEMES = List.of("http", "https");

  private Destination() {}

  /** Adds a fault for what is no address that may be reached. */
  static void check(String field, String text, AddressPolicy network, Fields fields) {
    URI uri = uri(text);
    if (uri == null || uri.getHost() == null || !SCHEMES.contains(uri.getScheme())) {
      fields.fault(field, "must be an address like https://example.com/hook");
    } else if (uri.getUserInfo() != null || uri.getFragment() != null) {
      fields.fault(field, "must have no user, password or fragment");
    } else {
      checkHost(field, uri.getHost(), network, fields);
    }
  }

  /** Whether something can be sent there; what else a destination may be is a channel. */
  static boolean isUrl(String text) {
    return SCHEMES.stream().anyMatch(scheme -> text.startsWith(scheme + "://"));
  }

  /** The host and port that a URL leads to, as {@code example.com:443}; empty = to none. */
  static String place(String url) {
    URI uri = uri(url);
    if (uri == null || uri.getHost() == null || !isUrl(url)) {
      return "";
    }
    int standard = uri.getScheme().equals("https") ? 443 : 80;
    int port = uri.getPort() < 0 ? standard : uri.getPort();
    return uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static void checkHost(String field, String host, AddressPolicy network, Fields fields) {
    InetAddress literal =
        NetUtil.createInetAddressFromIpAddressString(host.replaceAll("^\\[|]$", ""));
    if (literal == null) {
      return;
    }
    try {
      network.check(host, literal);
    } catch (RefusedAddressException e) {
      fields.fault(field, e.getMessage());
    }
  }
}
