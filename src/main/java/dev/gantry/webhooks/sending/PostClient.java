package dev.gantry.webhooks.sending;

import dev.gantry.network.AddressPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * Posts to servers that callers have named. A name is resolved once, all its addresses are checked,
 * and one of these is connected to, also when a connection is used again. Nothing is followed, no
 * answer is read further than {@value Exchange#LONGEST_BODY} bytes, and nothing takes longer than
 * its time, whatever the other side does. Event loop, never blocks: names are looked up on threads
 * of their own.
 */
@ApplicationScoped
public class PostClient {
  private static final int LOOK_UPS = 20;
  private static final int MAX_CONNECTIONS = 64; // to one address
  private static final int IDLE_SECONDS = 5; // shorter than servers keep a connection

  private final Vertx vertx;
  private final AddressPolicy network;
  private final HttpClient client;
  private final WorkerExecutor lookUps;

  PostClient(Vertx vertx, AddressPolicy network) {
    this.vertx = vertx;
    this.network = network;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setMaxPoolSize(MAX_CONNECTIONS)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setTracingPolicy(TracingPolicy.IGNORE));
    this.lookUps = vertx.createSharedWorkerExecutor("gantry-webhook-names", LOOK_UPS);
  }

  @PreDestroy
  void close() {
    client.close();
    lookUps.close();
  }

  /** Never fails: what went wrong is in the answer. */
  public Uni<Answer> send(Post post, Duration timeout) {
    return Uni.createFrom()
        .completionStage(
            () ->
                new Exchange(vertx, client, this::addresses, post, timeout)
                    .begin()
                    .toCompletionStage());
  }

  private io.vertx.core.Future<List<InetAddress>> addresses(String host) {
    return lookUps.executeBlocking(() -> network.resolve(host), false);
  }
}
