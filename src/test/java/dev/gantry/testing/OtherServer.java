package dev.gantry.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server of somebody else's on a free port of the loopback. {@code /status/N} answers N, {@code
 * /moved} leads to {@code /status/200}, and every answer's body is JSON, but of what ends with
 * {@code .sh}: that is a script, and {@code /large.sh} one of 2 MiB.
 */
public final class OtherServer implements Closeable {
  private final HttpServer http;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** A request as it arrived; {@code headers} one per line. */
  public record Asked(String method, String path, String headers, String body) {}

  public OtherServer() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::answer);
    http.start();
  }

  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** What was asked of it so far, in order. */
  public List<Asked> asked() {
    return asked;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    StringBuilder headers = new StringBuilder();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> values.forEach(v -> headers.append(name + ": " + v + "\n")));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(new Asked(exchange.getRequestMethod(), path, headers.toString(), body));
    int status = 200;
    if (path.equals("/moved")) {
      status = 302;
      exchange.getResponseHeaders().add("Location", "/status/200");
    } else if (path.startsWith("/status/")) {
      status = Integer.parseInt(path.substring("/status/".length()));
    }
    byte[] answer = content(path, status).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static String content(String path, int status) {
    if (path.endsWith("/large.sh")) {
      return "#".repeat(2 << 20);
    }
    return path.endsWith(".sh")
        ? "echo \"fetched for {{ .team }}, $team\"\n"
        : "{\"status\": %d}".formatted(status);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
