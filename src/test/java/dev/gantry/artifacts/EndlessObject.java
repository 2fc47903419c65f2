package dev.gantry.artifacts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A store whose one object has a terabyte, and that counts what it could send of it. */
final class EndlessObject implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong sent = new AtomicLong();
  private final CountDownLatch left = new CountDownLatch(1);
  private final HttpServer http;

  EndlessObject() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::answer);
    http.setExecutor(threads);
    http.start();
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  long sent() {
    return sent.get();
  }

  /** Whether the reader closes the connection in this time. */
  boolean isLeft(Duration time) throws InterruptedException {
    return left.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] chunk = new byte[64 * 1024];
    exchange.sendResponseHeaders(200, 1L << 40);
    try {
      OutputStream body = exchange.getResponseBody();
      while (true) {
        body.write(chunk);
        sent.addAndGet(chunk.length);
      }
    } catch (IOException e) {
      left.countDown();
      throw e;
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
