package dev.gantry.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Follows one execution to its end: its log as a stream, its steps by looking. Blocks. */
final class Follower {
  private static final Duration LOOK = Duration.ofMillis(150);
  private static final Duration RETRY_FOR = Duration.ofSeconds(30);

  private final ApiClient api;
  private final String id;
  private final Screen screen;
  private final Map<String, String> statuses = new HashMap<>();
  private volatile String lastId;
  private volatile boolean complete;

  Follower(ApiClient api, String id, Screen screen) {
    this.api = api;
    this.id = id;
    this.screen = screen;
  }

  /** Answers the execution as it ended. */
  JsonNode follow() throws IOException {
    screen.started(execution());
    CompletableFuture<Void> log = CompletableFuture.runAsync(this::streamLog);
    while (true) {
      boolean streamed = await(log);
      JsonNode now = execution();
      showSteps(now);
      if (streamed && now.hasNonNull("completed_at")) {
        return now;
      }
    }
  }

  private JsonNode execution() throws IOException {
    ApiClient.Answer answer = api.get("/workflows/executions/" + id);
    if (answer.status() != 200) {
      throw new IOException(answer.body().path("error").path("message").asText());
    }
    return answer.body();
  }

  private static boolean await(CompletableFuture<Void> log) throws IOException {
    try {
      log.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stillRunning) {
      return false;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted; the execution goes on", e);
    }
  }

  private void showSteps(JsonNode execution) {
    for (JsonNode step : execution.path("steps")) {
      String status = step.path("status").asText();
      String before = statuses.put(step.path("name").asText(), status);
      if (!status.equals(before) && !status.equals("pending") && !status.equals("queued")) {
        screen.step(step);
      }
    }
  }

  /** A stream that breaks is taken up again behind the last line seen. */
  private void streamLog() {
    long giveUp = System.nanoTime() + RETRY_FOR.toNanos();
    while (!complete) {
      try {
        api.stream("/workflows/executions/" + id + "/logs/stream", lastId, this::frame);
        giveUp = System.nanoTime() + RETRY_FOR.toNanos();
      } catch (IOException e) {
        if (System.nanoTime() > giveUp) {
          throw new UncheckedIOException(e);
        }
        LockSupport.parkNanos(LOOK.toNanos());
      }
    }
  }

  private boolean frame(String frameId, String event, JsonNode data) {
    lastId = frameId;
    if ("end".equals(event)) {
      complete = true;
      return false;
    }
    screen.line(data);
    return true;
  }
}
