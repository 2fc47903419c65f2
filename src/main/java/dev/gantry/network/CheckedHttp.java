package dev.gantry.network;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Requests to servers whose addresses are checked. A name is resolved once for each request, all
 * its addresses are judged, and one of these is connected to, also when a connection is used again.
 * Redirects are not followed. Event loop, never blocks: names are looked up on threads of their
 * own.
 */
public final class CheckedHttp implements AutoCloseable {
  private static final int LOOK_UPS = 20;

  private final HttpClient client;
  private final WorkerExecutor lookUps;

  /**
   * @param name of the threads that look up names
   */
  public CheckedHttp(Vertx vertx, String name, HttpClientOptions options) {
    client =
        vertx.createHttpClient(
            new HttpClientOptions(options).setTracingPolicy(TracingPolicy.IGNORE));
    lookUps = vertx.createSharedWorkerExecutor(name, LOOK_UPS);
  }

  /**
   * A request that is connected and not sent yet.
   *
   * @param options with host and port, and a timeout for the connection to each address
   * @return fails with {@link RefusedAddressException} when the host has an address that may not be
   *     reached, with {@link java.net.UnknownHostException} when it has none, and with {@link
   *     UnreachableException} when none can be connected to
   */
  public Future<HttpClientRequest> request(AddressPolicy network, RequestOptions options) {
    return lookUps
        .executeBlocking(() -> network.resolve(options.getHost()), false)
        .compose(addresses -> connect(addresses, 0, options));
  }

  /** Tries one address after the other until a connection is there. */
  private Future<HttpClientRequest> connect(
      List<InetAddress> addresses, int index, RequestOptions options) {
    InetSocketAddress address = new InetSocketAddress(addresses.get(index), options.getPort());
    Future<HttpClientRequest> connected =
        client
            .request(
                new RequestOptions(options)
                    .setServer(SocketAddress.inetSocketAddress(address))
                    .setFollowRedirects(false))
            // What breaks is told by the request; the connection would tell it to the log as well.
            .onSuccess(request -> request.connection().exceptionHandler(broken -> {}));
    return connected.recover(
        failure ->
            index + 1 == addresses.size()
                ? Future.failedFuture(new UnreachableException(address, failure))
                : connect(addresses, index + 1, options));
  }

  @Override
  public void close() {
    client.close();
    lookUps.close();
  }
}
