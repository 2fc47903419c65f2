package dev.gantry.sources;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/**
 * Git's smart HTTP on loopback. {@code /repo} is the repository, {@code /locked} the same for who
 * has the password, {@code /to/HOST/PATH} redirects there, and whatever else a test adds.
 */
final class GitHttpServer implements AutoCloseable {
  static final String USER = "x-access-token";
  static final String PASSWORD = "fake-token-that-opens-nothing";

  /** What came: host, path and who authorized. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  final AtomicLong sent = new AtomicLong();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ServedRepository repository;

  GitHttpServer(ServedRepository repository) throws IOException {
    this.repository = repository;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    on("/repo", this::serve);
    on("/locked", exchange -> locked(exchange));
    on("/to/", this::redirect);
    server.start();
  }

  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  void on(String path, Answer answer) {
    server.createContext(
        path,
        exchange -> {
          requests.add(
              exchange.getRequestHeaders().getFirst("Host")
                  + exchange.getRequestURI()
                  + (exchange.getRequestHeaders().containsKey("Authorization")
                      ? " authorized"
                      : ""));
          try (exchange) {
            answer.to(exchange);
          }
        });
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url(String path) {
    return url("127.0.0.1", path);
  }

  String url(String host, String path) {
    return "http://" + host + ":" + port() + path;
  }

  private void locked(HttpExchange exchange) throws IOException {
    String expected =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    if (expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      serve(exchange);
    } else {
      exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"test\"");
      exchange.sendResponseHeaders(401, -1);
    }
  }

  private void redirect(HttpExchange exchange) throws IOException {
    String to = exchange.getRequestURI().toString().substring("/to/".length());
    exchange.getResponseHeaders().add("Location", "http://" + to);
    exchange.sendResponseHeaders(302, -1);
  }

  private void serve(HttpExchange exchange) throws IOException {
    UploadPack upload =
        repository.uploadPack(exchange.getRequestHeaders().getFirst("Git-Protocol"));
    upload.setBiDirectionalPipe(false);
    boolean advertise = exchange.getRequestMethod().equals("GET");
    exchange
        .getResponseHeaders()
        .add(
            "Content-Type",
            "application/x-git-upload-pack-" + (advertise ? "advertisement" : "result"));
    exchange.getResponseHeaders().add("Connection", "close");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = counted(exchange.getResponseBody());
    if (advertise) {
      upload.sendAdvertisedRefs(
          new PacketLineOutRefAdvertiser(new PacketLineOut(out)), "git-upload-pack");
    } else {
      upload.upload(body(exchange), out, null);
    }
  }

  private static InputStream body(HttpExchange exchange) throws IOException {
    return "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
        ? new GZIPInputStream(exchange.getRequestBody())
        : exchange.getRequestBody();
  }

  private OutputStream counted(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        sent.addAndGet(length);
      }
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
