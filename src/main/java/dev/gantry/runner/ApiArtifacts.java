package dev.gantry.runner;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.platform.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Sends files to the API, or where the API says, and fetches them from there. What fails and may
 * pass is begun anew: the API tells what is there already.
 */
final class ApiArtifacts implements ArtifactTransfer {
  private static final Logger LOG = Logger.getLogger(ApiArtifacts.class);
  private static final String ROUTE = "/artifacts";
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LONG_PATIENCE = Duration.ofHours(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** A transfer that is slower than this, in bytes a second, has come to a standstill. */
  private static final long SLOWEST = 32 * 1024;

  private final RunnerApi api;

  ApiArtifacts(RunnerApi api) {
    this.api = api;
  }

  @JsonInclude(JsonInclude.Include.ALWAYS)
  private record Announcement(String path, long size, String sha256, boolean executable) {}

  private interface Transfer<T> {
    T run() throws IOException, InterruptedException;
  }

  @Override
  public void keep(AttemptKey key, String path, Path file) throws InterruptedException {
    persist(
        LONG_PATIENCE,
        "artifact '" + path + "' of attempt " + key,
        () -> {
          send(key, path, file);
          return null;
        });
  }

  private void send(AttemptKey key, String path, Path file)
      throws IOException, InterruptedException {
    long size = Files.size(file);
    JsonNode where =
        ask(
            api.request(key, ROUTE)
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofByteArray(
                        ProtocolJson.write(
                            new Announcement(
                                path, size, sha256(file), Files.isExecutable(file))))));
    if (where.path("kept").asBoolean()) {
      return;
    }
    if (where.hasNonNull("url")) {
      put(where, file, size);
    } else {
      sendPieces(key, path, file, where.path("piece_size").asInt());
    }
    ask(api.request(key, ROUTE + "/kept" + query(path)).POST(BodyPublishers.noBody()));
  }

  private void sendPieces(AttemptKey key, String path, Path file, int pieceSize)
      throws IOException, InterruptedException {
    try (InputStream in = Files.newInputStream(file)) {
      int number = 0;
      for (byte[] piece = in.readNBytes(pieceSize);
          piece.length > 0;
          piece = in.readNBytes(pieceSize)) {
        ask(
            api.request(key, ROUTE + "/pieces/" + number++ + query(path))
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(piece)));
      }
    }
  }

  private void put(JsonNode where, Path file, long size) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(where.path("url").asText()))
            .timeout(time(size))
            .PUT(BodyPublishers.ofFile(file));
    where
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
    HttpResponse<byte[]> answer = api.client().send(request.build(), BodyHandlers.ofByteArray());
    if (answer.statusCode() >= 300) {
      throw refusal(answer.statusCode(), "the object store answers HTTP " + answer.statusCode());
    }
  }

  @Override
  public List<Wanted> wanted(AttemptKey key) throws InterruptedException {
    return persist(
        PATIENCE,
        "what attempt " + key + " works on",
        () -> {
          List<Wanted> wanted = new ArrayList<>();
          for (JsonNode each : ask(api.request(key, ROUTE)).path("artifacts")) {
            wanted.add(
                new Wanted(
                    each.path("path").asText(),
                    each.path("size").asLong(),
                    each.path("sha256").asText(),
                    each.path("executable").asBoolean(),
                    each.path("url").asText("")));
          }
          return wanted;
        });
  }

  @Override
  public void fetch(AttemptKey key, Wanted wanted, Path target) throws InterruptedException {
    persist(
        PATIENCE,
        "artifact '" + wanted.path() + "' for attempt " + key,
        () -> {
          receive(key, wanted, target);
          return null;
        });
  }

  private void receive(AttemptKey key, Wanted wanted, Path target)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        wanted.url().isEmpty()
            ? api.request(key, ROUTE + "/content" + query(wanted.path()))
            : HttpRequest.newBuilder(URI.create(wanted.url()));
    HttpResponse<Path> answer =
        api.client()
            .send(request.timeout(time(wanted.size())).build(), BodyHandlers.ofFile(target));
    if (answer.statusCode() != 200) {
      throw refusal(
          answer.statusCode(), RunnerApi.message(answer.statusCode(), Files.readAllBytes(target)));
    }
    if (!sha256(target).equals(wanted.sha256())) {
      throw new IOException("what came is not what was kept");
    }
  }

  private JsonNode ask(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        api.client().send(request.timeout(ANSWER).build(), BodyHandlers.ofByteArray());
    int status = answer.statusCode();
    if (status >= 300) {
      throw refusal(status, RunnerApi.message(status, answer.body()));
    }
    return answer.body().length == 0
        ? ProtocolJson.read("{}".getBytes(StandardCharsets.UTF_8), JsonNode.class)
        : ProtocolJson.read(answer.body(), JsonNode.class);
  }

  /** An {@link IOException}, which may pass, or the end of it. */
  private static IOException refusal(int status, String message) {
    if (RunnerApi.mayPass(status)) {
      return new IOException("HTTP " + status + ": " + message);
    }
    throw new ArtifactRefusedException(
        status == 400 || status == 422 ? Outcome.FAILED : Outcome.INFRASTRUCTURE, message);
  }

  private <T> T persist(Duration patience, String what, Transfer<T> transfer)
      throws InterruptedException {
    if (!api.hasToken()) {
      throw new ArtifactRefusedException(Outcome.INFRASTRUCTURE, RunnerApi.needsToken("artifacts"));
    }
    long begun = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return transfer.run();
      } catch (IOException e) {
        if (System.nanoTime() - begun > patience.toNanos()) {
          throw new ArtifactRefusedException(Outcome.INFRASTRUCTURE, what + ": " + e);
        }
        LOG.warnf("%s is tried again: %s", what, e);
      }
      Thread.sleep(pause.toMillis());
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  private static Duration time(long size) {
    return ANSWER.plusSeconds(size / SLOWEST);
  }

  private static String query(String path) {
    return "?path=" + URLEncoder.encode(path, StandardCharsets.UTF_8);
  }

  private static String sha256(Path file) throws IOException {
    return HexFormat.of().formatHex(Sha256.of(file));
  }
}
