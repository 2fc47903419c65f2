package dev.gantry.embedded;

import dev.gantry.testing.Servers;
import io.restassured.specification.RequestSpecification;
import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The built application as a process of its own on the tests' PostgreSQL and Kafka, one of several
 * there may be. It ends with {@link #close}, and with the JVM of the tests. Blocks.
 */
final class Replica implements Closeable {
  private static final Duration START = Duration.ofMinutes(2);

  private final Process process;
  private final String url;
  private final Path log;

  private Replica(Process process, String url, Path log) {
    this.process = process;
    this.url = url;
    this.log = log;
  }

  /**
   * Starts without waiting.
   *
   * @param folder of this process alone
   * @param settings beside those that the servers need
   */
  static Replica start(Build build, Path folder, Map<String, String> settings) throws IOException {
    Servers servers = Servers.get();
    int port = Ports.free();
    Path log = folder.resolveSibling(folder.getFileName() + ".log");
    List<String> flags = new ArrayList<>(build.applicationFlags());
    flags.add("-Dgantry.embedded=true");
    flags.add("-Dgantry.database.url=" + servers.database());
    flags.add("-Dgantry.database.username=" + servers.databaseUser());
    flags.add("-Dgantry.kafka.bootstrap-servers=" + servers.kafka());
    flags.add("-Dgantry.runner.local.enabled=true");
    flags.add("-Dgantry.runner.local.directory=" + folder);
    flags.add("-Dquarkus.http.host=127.0.0.1");
    flags.add("-Dquarkus.http.port=" + port);
    settings.forEach((name, value) -> flags.add("-D" + name + "=" + value));
    Process process =
        Children.java(
                flags,
                build.application().toString(),
                "io.quarkus.bootstrap.runner.AotQuarkusEntryPoint",
                List.of(),
                log)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    return new Replica(process, "http://127.0.0.1:" + port, log);
  }

  void awaitReady() {
    HttpClient client = HttpClient.newHttpClient();
    Awaitility.await("the application whose log is " + log)
        .atMost(START)
        .failFast("the application ended at its start; its log is " + log, () -> !process.isAlive())
        .until(() -> Installation.isReady(client, url));
  }

  String url() {
    return url;
  }

  /** This request, sent to this process. */
  RequestSpecification asked(RequestSpecification request) {
    return request.baseUri(url).basePath("/api/v1");
  }

  /** It does nothing more, and its connections stay, as when its host hangs. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** With -9, as when its host goes. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
