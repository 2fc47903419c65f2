package dev.gantry.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the image runs, as a process of this machine: the folder that the image has as {@code
 * /opt/gantry}, with its own entry point, on this JVM's Java. It listens on 127.0.0.1 and ends by
 * SIGTERM, with {@link #close} and when this JVM ends. Blocks.
 */
public final class ImageProcess implements Closeable {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration STOP = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofMillis(5);

  private final Process process;
  private final String url;
  private final Path log;
  private final Thread hook;

  private ImageProcess(Process process, String url, Path log) {
    this.process = process;
    this.url = url;
    this.log = log;
    this.hook = new Thread(process::destroy, "stop-image-process");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts without waiting.
   *
   * @param environment its settings; of this process's own none are handed on
   * @param log gets all that it prints
   */
  public static ImageProcess start(Path image, Map<String, String> environment, Path log)
      throws IOException {
    int port = Ports.free();
    ProcessBuilder builder =
        new ProcessBuilder(image.resolve("bin/entrypoint").toAbsolutePath().toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> variables = builder.environment();
    variables
        .keySet()
        .removeIf(
            name ->
                name.startsWith("GANTRY_")
                    || name.startsWith("KAFKA_")
                    || name.startsWith("QUARKUS_")
                    || name.equals("JAVA_OPTS"));
    Path java = Path.of(System.getProperty("java.home"), "bin");
    variables.merge("PATH", java.toString(), (path, own) -> own + ":" + path);
    if (Runtime.version().feature() < 24) {
      variables.put("JAVA_24_OPTS", "");
    }
    variables.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    variables.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    variables.putAll(environment);
    return new ImageProcess(builder.start(), "http://127.0.0.1:" + port, log);
  }

  /** Answers once it says that it is ready; fails when it ends before. */
  public void awaitReady() throws IOException {
    HttpClient client = HttpClient.newHttpClient();
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline) {
      if (!process.isAlive()) {
        throw new IOException("the application ended at its start; its log is " + log);
      }
      if (Installation.isReady(client, url)) {
        return;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    throw new IOException("the application is not ready; its log is " + log);
  }

  /** Without a path. */
  public String url() {
    return url;
  }

  public Process process() {
    return process;
  }

  /** Lets it end in order, and so write what it records. */
  public void stop() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("the application does not stop; its log is " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the application stops", e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
