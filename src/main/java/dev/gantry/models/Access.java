package dev.gantry.models;

import dev.gantry.network.AddressPolicy;
import java.net.URI;

/**
 * Where a model is asked, and as whom.
 *
 * @param key null = none
 * @param network what may be connected to
 */
record Access(URI baseUrl, String key, AddressPolicy network) {
  private static final int SHORTEST_KEY = 8;

  /** A text of the provider's that may quote the key, without it. */
  String withoutKey(String text) {
    return key == null || key.length() < SHORTEST_KEY ? text : text.replace(key, "***");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Access[" + baseUrl.getHost() + "]";
  }
}
