package dev.gantry.webhooks.sending;

import dev.gantry.network.AddressPolicy;
import dev.gantry.network.CheckedHttp;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Posts to servers that callers have named, over connections to addresses that were checked. No
 * answer is read further than {@value Exchange#LONGEST_BODY} bytes, and nothing takes longer than
 * its time, whatever the other side does. Event loop, never blocks.
 */
@ApplicationScoped
public class PostClient {
  private static final int MAX_CONNECTIONS = 64; // to one address
  private static final int IDLE_SECONDS = 5; // shorter than servers keep a connection

  private final Vertx vertx;
  private final AddressPolicy network;
  private final CheckedHttp http;

  PostClient(Vertx vertx, AddressPolicy network) {
    this.vertx = vertx;
    this.network = network;
    this.http =
        new CheckedHttp(
            vertx,
            "gantry-webhook-names",
            new HttpClientOptions()
                .setMaxPoolSize(MAX_CONNECTIONS)
                .setKeepAliveTimeout(IDLE_SECONDS));
  }

  @PreDestroy
  void close() {
    http.close();
  }

  /** Never fails: what went wrong is in the answer. */
  public Uni<Answer> send(Post post, Duration timeout) {
    return Uni.createFrom()
        .completionStage(
            () ->
                new Exchange(vertx, options -> http.request(network, options), post, timeout)
                    .begin()
                    .toCompletionStage());
  }
}
