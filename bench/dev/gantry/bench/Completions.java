package dev.gantry.bench;

import static dev.gantry.bench.WrongResultException.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Waits until tools that were accepted are completed. The newest is waited for first, so that
 * hardly anything is asked while there is still much to run. Blocks.
 */
record Completions(Api api) {
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int WIDTH = 8;
  private static final int OK = 200;

  /** When the last of them completed, by Gantry's clock. */
  Instant await(List<String> ids) throws IOException, InterruptedException {
    Instant last = completedAt(ids.get(ids.size() - 1));
    ExecutorService threads = Executors.newFixedThreadPool(WIDTH);
    try {
      List<Callable<Instant>> waits = new ArrayList<>();
      ids.forEach(id -> waits.add(() -> completedAt(id)));
      return Futures.awaitAll(threads.invokeAll(waits)).stream()
          .max(Instant::compareTo)
          .orElse(last);
    } finally {
      threads.shutdownNow();
    }
  }

  private Instant completedAt(String id) throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + LONGEST.toNanos();
    JsonNode execution = look(id);
    while (!execution.hasNonNull("completed_at") && System.nanoTime() < giveUp) {
      execution = look(id);
    }
    boolean right =
        execution.path("status").asText().equals("completed")
            && execution.path("exit_code").asInt(-1) == 0
            && execution.path("output").asText("").isEmpty();
    require(right, "accepted, but not completed as it has to be", execution);
    return Instant.parse(execution.path("completed_at").asText());
  }

  private JsonNode look(String id) throws IOException, InterruptedException {
    return Api.JSON.readTree(api.send(api.get("/tools/executions/" + id + "?wait=30s"), OK));
  }
}
