package dev.gantry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./gantry} as a child process, on a data directory that outlives its restarts. It ends when
 * this is closed or the bench ends, by SIGTERM. Blocks, for one thread.
 */
final class Gantry implements AutoCloseable {
  private static final String READY = "Gantry is ready.";
  private static final Duration STOP = Duration.ofSeconds(60);

  private final List<String> command = new ArrayList<>();
  private final Map<String, String> environment;
  private final Path data;
  private final Path log;
  private final Thread hook = new Thread(this::endWithBench, "stop-gantry");
  private volatile Process process;
  private Api api;

  private Gantry(Path home, Path folder, Figure figure) throws IOException {
    command.add(home.resolve("gantry").toString());
    command.addAll(List.of("--port", "0", "--kafka-port", "0", "--data"));
    command.add(folder.resolve("data").toString());
    command.addAll(figure.arguments());
    environment = figure.environment();
    data = folder.resolve("data");
    log = folder.resolve("launcher.log");
  }

  /**
   * Starts the Gantry whose script lies in {@code home}, as the figure wants it; it keeps
   * everything in {@code folder}.
   */
  static Gantry start(Path home, Path folder, Figure figure) throws IOException {
    Gantry gantry = new Gantry(home, folder, figure);
    Runtime.getRuntime().addShutdownHook(gantry.hook);
    try {
      gantry.start();
      return gantry;
    } catch (IOException e) {
      gantry.close();
      throw e;
    }
  }

  /** Starts what was stopped; answers the time from the start of the program to its being ready. */
  Duration start() throws IOException {
    long begin = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    process = builder.start();
    awaitReady(process.inputReader(StandardCharsets.UTF_8));
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    JsonNode addresses = addresses();
    String key = Files.readString(Path.of(addresses.path("key_file").asText())).trim();
    api = new Api(addresses.path("url").asText(), key);
    return took;
  }

  private void awaitReady(BufferedReader out) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.equals(READY)) {
        return;
      }
    }
    throw new IOException("gantry did not start; it says: " + Files.readString(log));
  }

  /** Stops everything in order, as Ctrl-C does. */
  void stop() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("gantry did not stop within " + STOP.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while gantry stops", e);
    }
  }

  private void endWithBench() {
    if (process != null) {
      process.destroy();
      process.onExit().join();
    }
  }

  Api api() {
    return api;
  }

  /** Where all its data lie. */
  Path data() {
    return data;
  }

  /** Where its servers are, as it has written it. */
  JsonNode addresses() throws IOException {
    return Api.JSON.readTree(data.resolve("gantry.json").toFile());
  }

  /** What all its processes hold of this machine's memory, in bytes. */
  long memory() throws IOException {
    return ProcessMemory.of(process.toHandle(), data.resolve("postgres/postmaster.pid"));
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } finally {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
