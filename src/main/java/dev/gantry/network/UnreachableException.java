package dev.gantry.network;

import java.net.InetSocketAddress;
import java.net.SocketException;

/** No address of a host takes a connection. */
public final class UnreachableException extends SocketException {
  private static final long serialVersionUID = 1;

  private final InetSocketAddress address;

  UnreachableException(InetSocketAddress address, Throwable cause) {
    super(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
    initCause(cause);
    this.address = address;
  }

  /** The one that was tried last. */
  public InetSocketAddress address() {
    return address;
  }
}
