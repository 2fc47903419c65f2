package dev.gantry.network;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.io.Closeable;
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
 * Reads texts that callers name by a URL: each address that is connected to has been checked, that
 * of a redirect as well, and size and time are bounded. Never blocks the caller: works on workers.
 */
public final class TextDownloads implements Closeable {
  private static final int TIMEOUT_MILLIS = 10_000;

  /** However slowly it comes. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int MOST_REDIRECTS = 5;

  private final CloseableHttpClient client;
  private final int largest;

  /**
   * @param largest how many bytes a text may have
   */
  public TextDownloads(AddressPolicy network, int largest) {
    this.largest = largest;
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

  /** It cannot be read; the message, which callers may read, says why. */
  public static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final boolean mayPass;

    UnreadableException(String message, boolean mayPass) {
      super(message, null, false, false);
      this.mayPass = mayPass;
    }

    /** Whether the other side is the reason, and it may be had later. */
    public boolean mayPass() {
      return mayPass;
    }
  }

  /**
   * Fails with {@link UnreadableException} when it cannot be had.
   *
   * @param url of http or https
   */
  public Uni<String> read(String url) {
    HttpGet get = new HttpGet(url);
    return Uni.createFrom()
        .item(() -> read(get))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .ifNoItem()
        .after(PATIENCE)
        .failWith(
            () -> {
              get.abort();
              return new UnreadableException(
                  "it is not all there after " + PATIENCE.toSeconds() + " s", true);
            });
  }

  private String read(HttpGet get) {
    try {
      return client.execute(get, this::text);
    } catch (RefusedAddressException e) {
      throw new UnreadableException(e.getMessage(), false);
    } catch (IOException e) {
      throw new UnreadableException(e.getMessage(), true);
    }
  }

  private String text(HttpResponse answer) throws IOException {
    int status = answer.getStatusLine().getStatusCode();
    if (status != 200 || answer.getEntity() == null) {
      throw new UnreadableException("it answers HTTP " + status, status >= 500);
    }
    try (InputStream in = answer.getEntity().getContent()) {
      byte[] bytes = in.readNBytes(largest + 1);
      if (bytes.length > largest) {
        throw new UnreadableException("it is larger than " + largest + " bytes", false);
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UnreadableException("it is no text in UTF-8", false);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
