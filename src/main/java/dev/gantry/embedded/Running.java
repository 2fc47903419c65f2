package dev.gantry.embedded;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Optional;

/** Finds a Gantry that runs already. Blocks. */
final class Running {
  private Running() {}

  /** The one that {@code GANTRY_URL} and {@code GANTRY_API_KEY} name. */
  static Optional<ApiClient> named() throws IOException {
    String url = System.getenv("GANTRY_URL");
    if (url == null || url.isBlank()) {
      return Optional.empty();
    }
    String key = System.getenv("GANTRY_API_KEY");
    if (key == null) {
      throw new IOException("GANTRY_URL is set; set GANTRY_API_KEY too");
    }
    return Optional.of(new ApiClient(url.replaceAll("/+$", "").replaceAll("/api/v1$", ""), key));
  }

  /**
   * The one that uses this folder; empty while it is starting or stopping, or when there is none.
   */
  static Optional<ApiClient> on(Path data) throws IOException {
    Optional<String> url =
        DataDirectory.addresses(data)
            .map(addresses -> addresses.path("url").asText())
            .filter(running -> Installation.isReady(HttpClient.newHttpClient(), running));
    return url.isEmpty()
        ? Optional.empty()
        : Optional.of(new ApiClient(url.get(), DataDirectory.readKey(data)));
  }
}
