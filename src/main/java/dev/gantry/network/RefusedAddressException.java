package dev.gantry.network;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A host has an address that callers may not reach through this server. For a client it is as if
 * the host did not exist; the message, which callers may read, names host, address and setting.
 */
public final class RefusedAddressException extends UnknownHostException {
  private static final long serialVersionUID = 1;

  RefusedAddressException(String host, InetAddress address) {
    super(
        "host '%s' has the address %s, which is private or reserved; only the operator's setting %s can allow it"
            .formatted(host, address.getHostAddress(), AddressPolicy.SETTING));
  }
}
