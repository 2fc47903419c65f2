package dev.gantry.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntUnaryOperator;

/**
 * Somebody's server that webhooks are sent to, on a free port of the loopback. It answers what it
 * is told to, by how many messages it has had.
 */
public final class Receiver implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Got> got = new CopyOnWriteArrayList<>();
  private final Map<String, String> headers = new ConcurrentHashMap<>();
  private volatile IntUnaryOperator answers;

  /** A message as it arrived. */
  public record Got(Instant at, String path, Map<String, List<String>> headers, String body) {
    public String header(String name) {
      List<String> values =
          headers.entrySet().stream()
              .filter(header -> header.getKey().equalsIgnoreCase(name))
              .flatMap(header -> header.getValue().stream())
              .toList();
      return values.isEmpty() ? null : values.get(0);
    }

    public String id() {
      return header("webhook-id");
    }

    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  public Receiver(int status) {
    this(message -> status);
  }

  /**
   * @param answers the status, for the n-th message from 1
   */
  public Receiver(IntUnaryOperator answers) {
    this.answers = answers;
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    http.setExecutor(threads);
    http.createContext("/", this::answer);
    http.start();
  }

  public Receiver with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  public void answer(int status) {
    answers = message -> status;
  }

  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort() + "/hook";
  }

  public String place() {
    return "127.0.0.1:" + http.getAddress().getPort();
  }

  public List<Got> got() {
    return got;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    int status;
    synchronized (got) {
      got.add(
          new Got(
              Instant.now(),
              exchange.getRequestURI().toString(),
              Map.copyOf(exchange.getRequestHeaders()),
              body));
      status = answers.applyAsInt(got.size());
    }
    headers.forEach(exchange.getResponseHeaders()::add);
    byte[] answer = ("answer " + status).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
