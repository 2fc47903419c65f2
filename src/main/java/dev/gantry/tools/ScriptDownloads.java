package dev.gantry.tools;

import dev.gantry.http.ApiException;
import dev.gantry.network.AddressPolicy;
import dev.gantry.network.TextDownloads;
import dev.gantry.network.TextDownloads.UnreadableException;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/**
 * Reads the scripts of tools that have them elsewhere. Never blocks the caller: works on workers.
 */
@ApplicationScoped
public class ScriptDownloads {
  /** As much as a definition may have. */
  private static final int LARGEST = 1 << 20;

  private final TextDownloads downloads;

  ScriptDownloads(AddressPolicy network) {
    downloads = new TextDownloads(network, LARGEST);
  }

  /** Fails with 400 when it cannot be had; it may pass when the other side is the reason. */
  public Uni<String> script(String url) {
    return downloads
        .read(url)
        .onFailure(UnreadableException.class)
        .transform(failure -> unreadable(url, failure));
  }

  private static ApiException unreadable(String url, UnreadableException why) {
    ApiException refused =
        ApiException.invalid("content_url", url + " cannot be read: " + why.getMessage());
    return why.mayPass() ? refused.passing() : refused;
  }

  @PreDestroy
  void close() throws IOException {
    downloads.close();
  }
}
