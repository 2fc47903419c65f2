package dev.gantry.bench;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.httpproxy.HttpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;

/**
 * The way to a cluster's API server, on 127.0.0.1: it passes on what comes, as the user of a
 * kubeconfig, and counts it. Blocks while it starts and ends.
 */
final class CountedApiServer implements AutoCloseable {
  private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final int CONNECTIONS = 64;
  private static final long PATIENCE_SECONDS = 10;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();
  private final Config cluster;
  private final HttpProxy proxy;
  private final HttpServer server;

  CountedApiServer(Path kubeconfig) throws IOException {
    cluster = ClusterJobs.access(kubeconfig);
    URI origin = URI.create(cluster.getMasterUrl());
    boolean tls = origin.getScheme().equals("https");
    int port = origin.getPort() > 0 ? origin.getPort() : tls ? 443 : 80;
    proxy = HttpProxy.reverseProxy(vertx.createHttpClient(client(tls)));
    proxy.origin(port, origin.getHost());
    server = vertx.createHttpServer().requestHandler(this::pass);
    get(server.listen(0, "127.0.0.1"));
  }

  private HttpClientOptions client(boolean tls) throws IOException {
    HttpClientOptions options = new HttpClientOptions().setSsl(tls).setMaxPoolSize(CONNECTIONS);
    if (!tls) {
      return options;
    }
    try {
      // Both are null where the kubeconfig has none.
      TrustManager[] trusted = SSLUtils.trustManagers(cluster);
      if (trusted != null) {
        options.setTrustOptions(TrustOptions.wrap(trusted[0]));
      }
      KeyManager[] keys = SSLUtils.keyManagers(cluster);
      if (keys != null && keys.length > 0) {
        options.setKeyCertOptions(KeyCertOptions.wrap((X509KeyManager) keys[0]));
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot use the certificates of the kubeconfig", e);
    }
    return options;
  }

  private void pass(HttpServerRequest request) {
    (READS.contains(request.method()) ? reads : writes).incrementAndGet();
    proxy.handle(request);
  }

  /** For who is to go this way: the same user and namespace. */
  void writeKubeconfig(Path file) throws IOException {
    String token = cluster.getAutoOAuthToken() == null ? "" : cluster.getAutoOAuthToken();
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: counted, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: same, user: {token: "%s"}}]
        contexts: [{name: counted, context: {cluster: counted, user: same, namespace: "%s"}}]
        current-context: counted
        """
            .formatted(server.actualPort(), token, cluster.getNamespace()));
  }

  int reads() {
    return reads.get();
  }

  int writes() {
    return writes.get();
  }

  private static <T> T get(Future<T> future) throws IOException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the way to the API server failed", e);
    }
  }

  @Override
  public void close() throws IOException {
    get(vertx.close());
  }
}
