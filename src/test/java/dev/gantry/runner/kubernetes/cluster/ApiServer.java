package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/**
 * HTTP and WebSockets on a free port of the loopback: who asks, what goes wrong, whether it is
 * allowed, and then the answer. Watches and logs are streams; all else is answered on the event
 * loop, since the store is memory.
 */
final class ApiServer {
  private static final int LARGEST_BODY = 3 << 20;

  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setEventLoopPoolSize(1)
              .setFileSystemOptions(
                  new FileSystemOptions()
                      .setClassPathResolvingEnabled(false)
                      .setFileCachingEnabled(false)));
  private final ObjectStore store;
  private final RestApi api;
  private final PodLogs logs;
  private final ExecutorService threads;
  private final AccessRules access = new AccessRules();
  private final ApiFaults faults = new ApiFaults();
  private final Requests requests = new Requests();
  private final Map<String, String> users = new ConcurrentHashMap<>();
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private final Map<WatchStream, Runnable> watches = new ConcurrentHashMap<>();
  private volatile boolean down;
  private volatile long latency;

  /** 0 = any number. */
  private volatile int atOnce;

  private int inFlight;
  private HttpServer server;

  /** A user of this name is allowed all, suffers no faults and is not recorded. */
  static final String TEST = "test";

  ApiServer(ObjectStore store, PodLogs logs, ExecutorService threads) {
    this.store = store;
    this.api = new RestApi(store);
    this.logs = logs;
    this.threads = threads;
  }

  void start() {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setMaxInitialLineLength(64 << 10))
            .connectionHandler(this::connected)
            .requestHandler(this::read)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** Whoever shows this token is that user from now on. */
  void know(String token, String user) {
    users.put(token, user);
  }

  AccessRules access() {
    return access;
  }

  ApiFaults faults() {
    return faults;
  }

  Requests requests() {
    return requests;
  }

  /** At most so many requests are answered at a time, each in so long; the others get 429. */
  void limit(int most, Duration each) {
    latency = Math.max(1, each.toMillis());
    atOnce = most;
  }

  void down() {
    down = true;
    connections.forEach(HttpConnection::close);
  }

  void up() {
    down = false;
  }

  void dropWatches() {
    watches.values().forEach(Runnable::run);
  }

  int watches() {
    return watches.size();
  }

  void bookmark() {
    watches.keySet().forEach(WatchStream::bookmark);
  }

  /** Every watch ends, and can go on from no version that its client knows. */
  void expire() {
    store.compact();
    api.expire();
    dropWatches();
  }

  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void connected(HttpConnection connection) {
    if (down) {
      connection.close();
      return;
    }
    connections.add(connection);
    connection.closeHandler(gone -> connections.remove(connection));
  }

  private void read(HttpServerRequest http) {
    if (http.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
      handle(http, new byte[0]);
      return;
    }
    http.body()
        .onSuccess(body -> handle(http, body.getBytes()))
        .onFailure(broken -> http.connection().close());
  }

  private void handle(HttpServerRequest http, byte[] body) {
    try {
      if (body.length > LARGEST_BODY) {
        throw new ApiException(
            413, "RequestEntityTooLarge", "Request entity too large: limit is " + LARGEST_BODY);
      }
      String user = user(http);
      if (http.path().equals("/version")) {
        send(http, new RestApi.Answer(200, version(), List.of()));
        return;
      }
      Map<String, String> query = new HashMap<>();
      http.params().forEach(query::put);
      String type = http.getHeader(HttpHeaders.CONTENT_TYPE);
      limited(
          http,
          ApiRequest.parse(
              user, http.method().name(), http.path(), query, type == null ? "" : type, body));
    } catch (ApiException e) {
      refuse(http, e);
    }
  }

  private String user(HttpServerRequest http) {
    String header = http.getHeader(HttpHeaders.AUTHORIZATION);
    String user = header == null ? null : users.get(header.replaceFirst("^Bearer ", ""));
    if (user == null) {
      throw new ApiException(401, "Unauthorized", "Unauthorized");
    }
    return user;
  }

  /** Of requests that are answered at once; on the event loop. */
  private void limited(HttpServerRequest http, ApiRequest request) {
    if (atOnce == 0 || request.user().equals(TEST) || isLong(request)) {
      suffer(http, request);
    } else if (inFlight == atOnce) {
      refuse(
          http,
          request,
          ApiException.of(
              429, "the server has received too many requests, please try again later", 1));
    } else {
      inFlight++;
      vertx.setTimer(
          latency,
          timer -> {
            inFlight--;
            suffer(http, request);
          });
    }
  }

  private static boolean isLong(ApiRequest request) {
    return request.verb().equals("watch") || request.resource().equals("pods/log");
  }

  private void suffer(HttpServerRequest http, ApiRequest request) {
    ApiFault fault = request.user().equals(TEST) ? null : faults.next(request).orElse(null);
    if (fault == null) {
      answer(http, request, false);
    } else if (fault instanceof ApiFault.Refused refused) {
      int seconds = (int) refused.retryAfter().toSeconds();
      refuse(http, request, ApiException.of(refused.code(), refused.message(), seconds));
    } else if (fault instanceof ApiFault.Delayed delayed) {
      vertx.setTimer(Math.max(1, delayed.by().toMillis()), timer -> answer(http, request, false));
    } else if (fault instanceof ApiFault.Dropped) {
      record(request, 0, "", List.of());
      http.connection().close();
    } else if (fault instanceof ApiFault.Silent) {
      tellNothing(http, request);
    } else if (fault instanceof ApiFault.Unanswered) {
      record(request, 0, "", List.of());
    } else {
      answer(http, request, true);
    }
  }

  private void tellNothing(HttpServerRequest http, ApiRequest request) {
    record(request, 200, "", List.of());
    if (http.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
      http.toWebSocket().onFailure(broken -> http.connection().close());
    } else {
      Streams.write(http.response().setChunked(true), "\n");
    }
  }

  private void answer(HttpServerRequest http, ApiRequest request, boolean lost) {
    try {
      if (!request.user().equals(TEST)) {
        access.check(request);
      }
      if (request.verb().equals("watch")) {
        watch(http, request);
      } else if (request.verb().equals("get") && request.resource().equals("pods/log")) {
        log(http, request);
      } else {
        RestApi.Answer answer = api.answer(request);
        record(
            request,
            lost ? 0 : answer.code(),
            request.verb().equals("list")
                ? answer.body().at("/metadata/resourceVersion").asText()
                : "",
            answer.warnings());
        if (lost) {
          http.connection().close();
        } else {
          send(http, answer);
        }
      }
    } catch (ApiException e) {
      refuse(http, request, e);
    }
  }

  private void watch(HttpServerRequest http, ApiRequest request) {
    if (!http.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
      HttpServerResponse response = http.response().setChunked(true);
      response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
      WatchStream watch =
          new WatchStream(store, request, event -> Streams.write(response, event + "\n"));
      response.closeHandler(closed -> forget(watch));
      record(request, 200, "", List.of());
      run(watch, request, () -> http.connection().close());
      return;
    }
    Selectors.of(request, request.kind());
    http.toWebSocket()
        .onSuccess(
            socket -> {
              record(request, 200, "", List.of());
              watch(socket, request);
            })
        .onFailure(broken -> http.connection().close());
  }

  private void watch(ServerWebSocket socket, ApiRequest request) {
    WatchStream watch = new WatchStream(store, request, event -> Streams.write(socket, event));
    socket.closeHandler(closed -> forget(watch));
    run(watch, request, () -> Streams.close(socket));
  }

  private void run(WatchStream watch, ApiRequest request, Runnable close) {
    watches.put(watch, close);
    if (!watch.begin()) {
      close.run();
    }
    request
        .number("timeoutSeconds")
        .filter(seconds -> seconds > 0)
        .ifPresent(seconds -> vertx.setTimer(seconds * 1000, timer -> close.run()));
  }

  private void forget(WatchStream watch) {
    watches.remove(watch);
    watch.end();
  }

  private void log(HttpServerRequest http, ApiRequest request) {
    ContainerLog log = logs.find(request);
    LogOptions options = LogOptions.of(request);
    record(request, 200, "", List.of());
    HttpServerResponse response = http.response().setChunked(true);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain");
    threads.execute(new LogStream(log, options, response, () -> http.connection().close()));
  }

  private void refuse(HttpServerRequest http, ApiRequest request, ApiException e) {
    record(request, e.code(), "", List.of());
    refuse(http, e);
  }

  private void refuse(HttpServerRequest http, ApiException e) {
    if (e.retryAfterSeconds() > 0) {
      http.response().putHeader("Retry-After", Integer.toString(e.retryAfterSeconds()));
    }
    send(http, new RestApi.Answer(e.code(), e.status(), List.of()));
  }

  private void send(HttpServerRequest http, RestApi.Answer answer) {
    HttpServerResponse response = http.response().setStatusCode(answer.code());
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    response.putHeader(
        "Warning",
        answer.warnings().stream()
            .map(text -> "299 - \"" + text.replace("\"", "\\\"") + "\"")
            .toList());
    Streams.end(response, answer.body().toString());
  }

  private void record(ApiRequest request, int code, String revision, List<String> warnings) {
    if (!request.user().equals(TEST)) {
      requests.add(request, code, revision, warnings);
    }
  }

  private static ObjectNode version() {
    return Json.object().put("major", "1").put("minor", "33").put("gitVersion", "v1.33.0");
  }
}
