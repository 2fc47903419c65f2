package dev.gantry.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code Recording IMAGE CACHE}: starts what the image runs beside a PostgreSQL and a Kafka of its
 * own, lets it execute a workflow, and keeps what a Java from 25 on records of that in {@code
 * CACHE}, with which the image then starts faster. The build's folder is {@code
 * gantry.build.directory}.
 */
public final class Recording {
  private static final String KEY = "gtk_recording-that-opens-nothing";
  private static final List<String> READ =
      List.of(
          "/api/v1/workflows/executions",
          "/api/v1/agents",
          "/api/v1/tools",
          "/api/v1/runners",
          "/api/v1/openapi",
          "/q/metrics");
  private static final String WORKFLOW =
      """
      {"type": "inline", "definition": {"name": "recorded", "steps": [
        {"name": "one", "command": "echo one", "output": "ONE"},
        {"name": "two", "command": "echo ${ONE}"}]}}
      """;

  private Recording() {}

  /**
   * @param args the image's folder, and the file to be written
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path cache = Path.of(args[1]).toAbsolutePath();
    Path data = Files.createTempDirectory("gantry-recording");
    try {
      record(Path.of(args[0]), cache, data);
    } finally {
      delete(data);
    }
    if (!Files.exists(cache)) {
      throw new IOException("Java recorded nothing: it has to be version 25 or newer");
    }
  }

  private static void record(Path image, Path cache, Path data)
      throws IOException, InterruptedException {
    Path log = data.resolve("gantry.log");
    try (PostgresServer postgres =
            PostgresServer.start(data.resolve("postgres"), 0, data.resolve("postgres.log"));
        KafkaServer kafka =
            KafkaServer.start(
                Build.current().kafka(),
                data.resolve("kafka"),
                Ports.free(),
                data.resolve("kafka.log"));
        ImageProcess gantry =
            ImageProcess.start(
                image,
                Map.of(
                    "JAVA_OPTS",
                    // The entry point does not use what the compiler learns
                    "-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:AOTCacheOutput="
                        + cache,
                    "GANTRY_ROLES",
                    "api,engine,runner",
                    "GANTRY_RUNNER_LOCAL_ENABLED",
                    "true",
                    "GANTRY_RUNNER_LOCAL_DIRECTORY",
                    data.resolve("runner").toString(),
                    "GANTRY_ADMIN_API_KEY",
                    KEY,
                    "GANTRY_DATABASE_URL",
                    postgres.address(),
                    "GANTRY_DATABASE_USERNAME",
                    PostgresServer.USER,
                    "GANTRY_KAFKA_BOOTSTRAP_SERVERS",
                    kafka.address()),
                log)) {
      gantry.awaitReady();
      use(gantry.url());
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "\n" + Files.readString(log), e);
    }
  }

  private static void use(String url) throws IOException, InterruptedException {
    // As curl and probes do: of a protocol that nobody speaks, no class is recorded
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    int status =
        client
            .send(
                request(url + "/api/v1/workflows/execute?wait=30s")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(WORKFLOW))
                    .build(),
                BodyHandlers.discarding())
            .statusCode();
    if (status != 200) {
      throw new IOException("the recorded workflow was answered with " + status);
    }
    for (String path : READ) {
      client.send(request(url + path).build(), BodyHandlers.discarding());
    }
  }

  private static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + KEY);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
