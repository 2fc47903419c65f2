package dev.gantry.bench;

import static dev.gantry.bench.WrongResultException.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/**
 * LISTS: how fast 100,000 agents are listed, one request at a time, while one of them is changed
 * every now and then, so that what was counted has to be counted again.
 */
record ListLatency(Effort effort) implements Figure {
  private static final Measure FIRST = Measure.atMost("p99, first page in each order", 30, "ms");
  private static final Measure LAST = Measure.atMost("p99, last page in each order", 30, "ms");
  private static final Measure RARE = Measure.atMost("p99, filter that few pass", 30, "ms");
  private static final Measure BROAD = Measure.atMost("p99, filter that all pass", 30, "ms");
  private static final Measure SHORT = Measure.atMost("p99, filter of two characters", 30, "ms");
  private static final List<String> ORDERS =
      List.of("name", "-name", "created_at", "-created_at", "updated_at", "-updated_at");
  private static final int AGENTS = 100_000;
  private static final int WIDTH = 32;
  private static final int BETWEEN_CHANGES = 20;
  private static final int CREATED = 201;
  private static final int OK = 200;

  @Override
  public String id() {
    return "LISTS";
  }

  @Override
  public String what() {
    return "GET /agents with 100,000 agents";
  }

  @Override
  public List<Measure> measures() {
    return List.of(FIRST, LAST, RARE, BROAD, SHORT);
  }

  private int agents() {
    return effort.of(AGENTS);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    Api api = gantry.api();
    AtomicInteger next = new AtomicInteger();
    List<Thread> makers = new ArrayList<>();
    for (int i = 0; i < WIDTH; i++) {
      makers.add(new Thread(() -> make(api, next)));
    }
    makers.forEach(Thread::start);
    for (Thread maker : makers) {
      maker.join();
    }
    // Until PostgreSQL has tidied up behind so many new rows.
    TimeUnit.NANOSECONDS.sleep(effort.of(Duration.ofSeconds(60)).toNanos());
    measure(api, effort.of(200));
  }

  private void make(Api api, AtomicInteger next) {
    try {
      for (int i = next.getAndIncrement(); i < agents(); i = next.getAndIncrement()) {
        api.send(api.post("/agents", agent(i)), CREATED);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static JsonNode agent(int i) {
    return Api.JSON
        .createObjectNode()
        .put("name", "agent-%06d".formatted(i * 7919 % AGENTS))
        .put("description", "Handles task " + i)
        .put("ai_instructions", "x".repeat(200));
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    return measure(gantry.api(), effort.of(600));
  }

  private Map<Measure, Double> measure(Api api, int times)
      throws IOException, InterruptedException {
    String last = "&offset=" + (total(api) - 50);
    Map<Measure, List<String>> queries = new LinkedHashMap<>();
    queries.put(FIRST, ORDERS.stream().map(order -> "sort=" + order).toList());
    queries.put(LAST, ORDERS.stream().map(order -> "sort=" + order + last).toList());
    queries.put(RARE, List.of("filter=agent-00424", "filter=TASK%201999&sort=name"));
    queries.put(BROAD, List.of("filter=handles", "filter=agent-0&sort=-name"));
    queries.put(SHORT, List.of("filter=ag", "filter=42"));
    Map<Measure, Double> values = new LinkedHashMap<>();
    for (var entry : queries.entrySet()) {
      values.put(entry.getKey(), p99(api, entry.getValue(), times));
    }
    return values;
  }

  private static int total(Api api) throws IOException, InterruptedException {
    return Api.JSON.readTree(api.send(api.get("/agents?limit=1"), OK)).path("total").asInt();
  }

  private static double p99(Api api, List<String> queries, int times)
      throws IOException, InterruptedException {
    Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);
    for (int i = 0; i < times; i++) {
      if (i % BETWEEN_CHANGES == 0) {
        change(api);
      }
      HttpRequest request = api.get("/agents?" + queries.get(i % queries.size()));
      long begin = System.nanoTime();
      byte[] answer = api.send(request, OK);
      micros.recordValue((System.nanoTime() - begin) / 1_000);
      JsonNode page = Api.JSON.readTree(answer).path("agents");
      require(page.size() > 0 && page.size() <= 50, "no page of agents", page.size());
    }
    return micros.getValueAtPercentile(99) / 1e3;
  }

  private static void change(Api api) throws IOException, InterruptedException {
    JsonNode page = Api.JSON.readTree(api.send(api.get("/agents?limit=1"), OK));
    String uuid = page.at("/agents/0/uuid").asText();
    api.send(api.put("/agents/" + uuid, Api.JSON.createObjectNode().put("status", "active")), OK);
  }
}
