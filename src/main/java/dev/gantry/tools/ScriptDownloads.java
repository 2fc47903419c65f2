package dev.gantry.tools;

import dev.gantry.http.ApiException;
import dev.gantry.network.AddressPolicy;
import dev.gantry.network.CheckedConnections;
import dev.gantry.network.RefusedAddressException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.http.HttpResponse;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;

/**
 * Reads the scripts of tools that have them elsewhere. Never blocks the caller: works on workers.
 */
@ApplicationScoped
public class ScriptDownloads {
  /** As much as a definition may have. */
  private static final int LARGEST = 1 << 20;

  private static final int TIMEOUT_MILLIS = 10_000;

  /** However slowly it comes. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int MOST_REDIRECTS = 5;

  private final CloseableHttpClient client;

  ScriptDownloads(AddressPolicy network) {
    client =
        HttpClients.custom()
            .setConnectionManager(CheckedConnections.pool(network))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectTimeout(TIMEOUT_MILLIS)
                    .setConnectionRequestTimeout(TIMEOUT_MILLIS)
                    .setSocketTimeout(TIMEOUT_MILLIS)
                    .setMaxRedirects(MOST_REDIRECTS)
                    .build())
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .build();
  }

  /** Fails with 400 when it cannot be had; it may pass when the other side is the reason. */
  public Uni<String> script(String url) {
    HttpGet get = new HttpGet(url);
    return Uni.createFrom()
        .item(() -> read(url, get))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .ifNoItem()
        .after(PATIENCE)
        .failWith(
            () -> {
              get.abort();
              return unreadable(url, "it is not all there after " + PATIENCE.toSeconds() + " s")
                  .passing();
            });
  }

  private String read(String url, HttpGet get) {
    try {
      return client.execute(get, answer -> text(url, answer));
    } catch (RefusedAddressException e) {
      throw unreadable(url, e.getMessage());
    } catch (IOException e) {
      throw unreadable(url, e.getMessage()).passing();
    }
  }

  private static String text(String url, HttpResponse answer) throws IOException {
    int status = answer.getStatusLine().getStatusCode();
    if (status >= 500) {
      throw unreadable(url, "it answers HTTP " + status).passing();
    }
    if (status != 200 || answer.getEntity() == null) {
      throw unreadable(url, "it answers HTTP " + status);
    }
    try (InputStream in = answer.getEntity().getContent()) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw unreadable(url, "it is larger than " + LARGEST + " bytes");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw unreadable(url, "it is no text in UTF-8");
    }
  }

  private static ApiException unreadable(String url, String why) {
    return ApiException.invalid("content_url", url + " cannot be read: " + why);
  }

  @PreDestroy
  void close() throws IOException {
    client.close();
  }
}
