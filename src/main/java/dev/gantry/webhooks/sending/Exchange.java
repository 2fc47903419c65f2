package dev.gantry.webhooks.sending;

import dev.gantry.network.RefusedAddressException;
import dev.gantry.network.UnreachableException;
import dev.gantry.platform.Durations;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One post and its answer. All of it happens on one event loop. */
final class Exchange {
  static final int LONGEST_BODY = 4 << 10;
  private static final int LONGEST_HEADER = 1024;
  private static final List<String> SHOWN =
      List.of("content-type", "location", "retry-after", "server", "date");

  private final Vertx vertx;
  private final Function<RequestOptions, Future<HttpClientRequest>> connections;
  private final Post post;
  private final Duration timeout;
  private final Promise<Answer> answer = Promise.promise();
  private final Buffer body = Buffer.buffer();
  private final long begun = System.nanoTime();
  private long timer;
  private String address;
  private HttpClientRequest request;
  private HttpClientResponse response;

  Exchange(
      Vertx vertx,
      Function<RequestOptions, Future<HttpClientRequest>> connections,
      Post post,
      Duration timeout) {
    this.vertx = vertx;
    this.connections = connections;
    this.post = post;
    this.timeout = timeout;
  }

  Future<Answer> begin() {
    vertx.getOrCreateContext().runOnContext(v -> connect());
    return answer.future();
  }

  private void connect() {
    timer = vertx.setTimer(timeout.toMillis(), t -> tooLate());
    connections
        .apply(options())
        .onSuccess(this::send)
        .onFailure(failure -> end(unconnected(failure)));
  }

  private String unconnected(Throwable failure) {
    if (failure instanceof RefusedAddressException) {
      return failure.getMessage();
    }
    if (failure instanceof UnreachableException unreachable) {
      address = text(unreachable.address());
      return "cannot connect to " + address + ": " + told(failure);
    }
    return failure instanceof UnknownHostException
        ? "host '" + post.host() + "' is not known"
        : "host '" + post.host() + "' cannot be looked up: " + failure;
  }

  private RequestOptions options() {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(post.host())
            .setPort(post.port())
            .setSsl(post.isSecure())
            .setConnectTimeout(timeout.toMillis())
            .setURI(post.target());
    post.headers().forEach(options::putHeader);
    return options;
  }

  private void send(HttpClientRequest connected) {
    if (isOver()) {
      connected.reset();
      return;
    }
    request = connected;
    SocketAddress remote = connected.connection().remoteAddress();
    address = text(new InetSocketAddress(remote.hostAddress(), remote.port()));
    connected
        .send(Buffer.buffer(post.body()))
        .onSuccess(this::read)
        .onFailure(failure -> end("no answer: " + told(failure)));
  }

  private void read(HttpClientResponse begun) {
    response = begun;
    begun.handler(this::take);
    begun.exceptionHandler(brokenOff -> end(null));
    begun.endHandler(v -> end(null));
  }

  private void take(Buffer more) {
    if (isOver()) {
      return;
    }
    body.appendBuffer(more, 0, Math.min(more.length(), LONGEST_BODY - body.length()));
    if (body.length() == LONGEST_BODY) {
      end(null);
      request.reset();
    }
  }

  private void tooLate() {
    end("no answer within " + Durations.format(timeout));
    if (request != null) {
      request.reset();
    }
  }

  private boolean isOver() {
    return answer.future().isComplete();
  }

  /** What has begun to come is an answer, also when it does not end. */
  private void end(String error) {
    if (isOver()) {
      return;
    }
    vertx.cancelTimer(timer);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    answer.complete(
        response == null
            ? Answer.none(address, error, took)
            : Answer.of(address, response.statusCode(), headers(), text(body), took));
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : SHOWN) {
      String value = response.getHeader(name);
      if (value != null) {
        headers.put(name, storable(value.substring(0, Math.min(value.length(), LONGEST_HEADER))));
      }
    }
    return headers;
  }

  private static String text(Buffer bytes) {
    return storable(bytes.toString(StandardCharsets.UTF_8));
  }

  /** PostgreSQL's texts cannot hold the character NUL. */
  private static String storable(String text) {
    return text.replace('\0', '\ufffd');
  }

  private static String text(InetSocketAddress socket) {
    String host = socket.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + socket.getPort();
  }

  private static String told(Throwable failure) {
    return storable(
        failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage());
  }
}
