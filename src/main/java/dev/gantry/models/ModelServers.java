package dev.gantry.models;

import dev.gantry.models.ConfiguredModel.Patience;
import dev.gantry.network.CheckedHttp;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;

/** The connections to all that provide models. Never blocks. */
@ApplicationScoped
class ModelServers {
  private static final int MAX_CONNECTIONS = 512; // to one address
  private static final int IDLE_SECONDS = 15; // shorter than servers keep a connection

  private final Vertx vertx;
  private final CheckedHttp http;

  ModelServers(Vertx vertx) {
    this.vertx = vertx;
    http =
        new CheckedHttp(
            vertx,
            "gantry-model-names",
            new HttpClientOptions()
                .setMaxPoolSize(MAX_CONNECTIONS)
                .setKeepAliveTimeout(IDLE_SECONDS));
  }

  @PreDestroy
  void close() {
    http.close();
  }

  StreamedPost post(
      Frames.Form form, Patience patience, Failures failures, StreamedPost.Reader reader) {
    return new StreamedPost(vertx, http, form, patience, failures, reader);
  }
}
