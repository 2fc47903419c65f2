package dev.gantry.bench;

import static dev.gantry.bench.WrongResultException.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** P3: how fast tools are accepted while 500 come per second, and when all of them have run. */
record AcceptLatency(Effort effort) implements Figure {
  private static final Measure P99 = Measure.atMost("p99", 20, "ms");
  private static final Measure DRAINED = Measure.told("last accepted to all completed", "s");
  private static final int PER_SECOND = 500;
  private static final int ACCEPTED = 202;

  @Override
  public String id() {
    return "P3";
  }

  @Override
  public String what() {
    return "accept POST /tools/execute at 500/s";
  }

  @Override
  public List<Measure> measures() {
    return List.of(P99, DRAINED);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    WarmUp.executions(gantry.api(), effort);
    load(gantry, effort.of(Duration.ofSeconds(5)));
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    return load(gantry, effort.of(Duration.ofSeconds(15)));
  }

  private static Map<Measure, Double> load(Gantry gantry, Duration length)
      throws IOException, InterruptedException {
    Api api = gantry.api();
    HttpRequest request = request(api);
    OpenLoop<byte[]> loop = new OpenLoop<>(PER_SECOND, () -> api.sendAsync(request, ACCEPTED));
    List<String> ids = ids(loop.run(length));
    Instant lastAccepted = Instant.now();
    Instant lastCompleted = new Completions(api).await(ids);
    return Map.of(
        P99,
        loop.micros().getValueAtPercentile(99) / 1e3,
        DRAINED,
        Math.max(0, Duration.between(lastAccepted, lastCompleted).toMillis() / 1e3));
  }

  private static HttpRequest request(Api api) throws IOException {
    return api.post(
        "/tools/execute", Api.JSON.createObjectNode().put("name", "true").put("content", "true"));
  }

  private static List<String> ids(List<byte[]> answers) throws IOException {
    List<String> ids = new ArrayList<>();
    for (byte[] answer : answers) {
      JsonNode id = Api.JSON.readTree(answer).path("execution_id");
      require(id.isTextual(), "no execution_id", id);
      ids.add(id.asText());
    }
    require(new HashSet<>(ids).size() == ids.size(), "an id was given twice", ids.size());
    return ids;
  }
}
