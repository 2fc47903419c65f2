package dev.gantry.models;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Reads where a model server is. Pure code. */
final class BaseUrls {
  private BaseUrls() {}

  /** The URL, without a slash at its end; empty when it is none that can be asked. */
  static Optional<URI> read(String text) {
    try {
      URI url = new URI(text.strip().replaceAll("/+$", ""));
      boolean usable =
          url.getHost() != null
              && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null;
      return usable ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException isNone) {
      return Optional.empty();
    }
  }
}
