package dev.gantry.webhooks.sending;

import java.net.URI;
import java.util.Map;

/**
 * A message to somebody else's server.
 *
 * @param url http or https, with a host
 */
public record Post(URI url, Map<String, String> headers, byte[] body) {
  /** Without port: that of the scheme. */
  int port() {
    return url.getPort() >= 0 ? url.getPort() : isSecure() ? 443 : 80;
  }

  boolean isSecure() {
    return url.getScheme().equals("https");
  }

  /** An IPv6 address without its brackets. */
  String host() {
    return url.getHost().replaceAll("^\\[|]$", "");
  }

  String target() {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  /** Without its content, which must not reach a log. */
  @Override
  public String toString() {
    return "Post[" + url.getHost() + "]";
  }
}
