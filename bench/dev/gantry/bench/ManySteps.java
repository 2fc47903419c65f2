package dev.gantry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * STEPS: one execution of as many steps as there may be, in layers of which each waits for the one
 * before. What a step takes and what memory is held must not grow with what has run.
 */
record ManySteps(Effort effort) implements Figure {
  private static final Measure RATE = Measure.told("steps", "/s");
  private static final Measure GROWTH = Measure.atMost("last quarter over second", 1.25, "times");
  private static final Measure MEMORY = Measure.atMost("memory gained (PSS)", 150, "MiB");
  private static final int LAYERS = 100;
  private static final int WIDTH = 100;
  private static final int ACCEPTED = 202;
  private static final int OK = 200;

  @Override
  public String id() {
    return "STEPS";
  }

  @Override
  public String what() {
    return LAYERS + " layers of " + WIDTH + " steps in one execution";
  }

  @Override
  public List<Measure> measures() {
    return List.of(RATE, GROWTH, MEMORY);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    WarmUp.executions(gantry.api(), effort);
    execute(gantry.api(), 10);
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    long before = gantry.memory();
    JsonNode steps = execute(gantry.api(), effort.of(LAYERS));
    double gained = (gantry.memory() - before) / (double) (1 << 20);
    Instant begin = Instant.parse(steps.get(0).path("started_at").asText());
    double all = seconds(begin, endOf(steps, 4));
    double second = seconds(endOf(steps, 1), endOf(steps, 2));
    double last = seconds(endOf(steps, 3), endOf(steps, 4));
    return Map.of(RATE, steps.size() / all, GROWTH, last / second, MEMORY, gained);
  }

  private static JsonNode execute(Api api, int layers) throws IOException, InterruptedException {
    byte[] accepted =
        api.send(api.post("/workflows/execute", Workflows.layers(layers, WIDTH)), ACCEPTED);
    String id = Api.JSON.readTree(accepted).path("execution_id").asText();
    HttpRequest wait = api.get("/workflows/executions/" + id + "?wait=60s");
    byte[] answer = api.send(wait, OK);
    while (Api.JSON.readTree(answer).path("status").asText().equals("running")) {
      answer = api.send(wait, OK);
    }
    return Workflows.requireLayers(answer, layers, WIDTH);
  }

  /** When the last step of this quarter had ended. */
  private static Instant endOf(JsonNode steps, int quarter) {
    int last = steps.size() * quarter / 4 - 1;
    return Instant.parse(steps.get(last).path("completed_at").asText());
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }
}
