package dev.gantry.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/**
 * One repository behind Git's smart HTTP on a free port of the loopback, and a clone to push to it
 * from.
 */
public final class GitServer implements Closeable {
  private static final String SERVICE = "git-upload-pack";

  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Git served;
  private final Git clone;
  private final AtomicInteger held = new AtomicInteger();
  private volatile String wanted;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  public GitServer(Path folder) throws IOException, GitAPIException {
    served =
        Git.init()
            .setBare(true)
            .setDirectory(folder.resolve("served.git").toFile())
            .setInitialBranch("main")
            .call();
    clone =
        Git.init().setDirectory(folder.resolve("clone").toFile()).setInitialBranch("main").call();
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/org/devops-tools/", this::answer);
    http.start();
  }

  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort() + "/org/devops-tools";
  }

  /** Commits these files, a null one deleted, and pushes; answers the commit. */
  public String push(Map<String, String> files) throws IOException, GitAPIException {
    Path folder = clone.getRepository().getWorkTree().toPath();
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (file.getValue() == null) {
        clone.rm().addFilepattern(file.getKey()).call();
      } else {
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
    }
    clone.add().addFilepattern(".").call();
    String commit =
        clone
            .commit()
            .setMessage("test")
            .setAuthor("test", "test@example.com")
            .setCommitter("test", "test@example.com")
            .setSign(false)
            .call()
            .name();
    clone.push().setRemote(served.getRepository().getDirectory().toString()).add("main").call();
    return commit;
  }

  /** From now on only who has this token is answered. */
  public void require(String token) {
    String basic = "x-access-token:" + token;
    wanted = "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8));
  }

  /** Lets requests from now on wait for {@link #letOthersPass}. */
  public void hold() {
    gate = new CountDownLatch(1);
  }

  /** How many requests have been made to wait. */
  public int held() {
    return held.get();
  }

  /** Requests from now on are answered; {@code before} are those that wait. */
  public CountDownLatch letOthersPass() {
    CountDownLatch before = gate;
    gate = new CountDownLatch(0);
    return before;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      CountDownLatch waiting = gate;
      if (waiting.getCount() > 0) {
        held.incrementAndGet();
        waiting.await();
      }
      String path = exchange.getRequestURI().getPath();
      if (wanted != null
          && !wanted.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"test\"");
        exchange.sendResponseHeaders(401, -1);
      } else if (path.endsWith("/info/refs")) {
        advertise(exchange);
      } else if (path.endsWith("/" + SERVICE)) {
        upload(exchange);
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private UploadPack pack() {
    UploadPack pack = new UploadPack(served.getRepository());
    pack.setBiDirectionalPipe(false);
    return pack;
  }

  private void advertise(HttpExchange exchange) throws IOException {
    exchange
        .getResponseHeaders()
        .set("Content-Type", "application/x-" + SERVICE + "-advertisement");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      PacketLineOut lines = new PacketLineOut(out);
      lines.writeString("# service=" + SERVICE + "\n");
      lines.end();
      pack().sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
    } catch (org.eclipse.jgit.transport.ServiceMayNotContinueException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void upload(HttpExchange exchange) throws IOException {
    InputStream in = exchange.getRequestBody();
    if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      in = new GZIPInputStream(in);
    }
    exchange.getResponseHeaders().set("Content-Type", "application/x-" + SERVICE + "-result");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      pack().upload(in, out, null);
    }
  }

  @Override
  public void close() {
    gate.countDown();
    http.stop(0);
    threads.shutdownNow();
    served.close();
    clone.close();
  }
}
