package dev.gantry.embedded;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promises A1, A2, A3 and A14: the built application as a process of its own, killed with -9 while
 * it accepts, drives and runs, and started again on the same data.
 */
class KillIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir Path folder;
  private Installation gantry;

  @BeforeEach
  void start() throws IOException {
    gantry =
        Installation.start(
            DataDirectory.lock(folder.resolve("g")).orElseThrow(), build(), 0, 0, "local");
  }

  @AfterEach
  void stop() throws IOException {
    gantry.close();
  }

  private static Build build() {
    return new Build(Path.of(System.getProperty("gantry.build.directory")));
  }

  private void killAndRestart() throws IOException, InterruptedException {
    gantry.application().destroyForcibly().waitFor();
    gantry.close();
    start();
  }

  private ApiClient api() {
    return new ApiClient(gantry.url(), gantry.key());
  }

  private String execute(String name, String script) throws IOException {
    ObjectNode body = JSON.createObjectNode().put("name", name).put("content", script);
    ApiClient.Answer answer = api().post("/tools/execute", body);
    assertThat(answer.status()).isEqualTo(202);
    return answer.body().path("execution_id").asText();
  }

  private JsonNode completed(String id) {
    return await()
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> api().get("/tools/executions/" + id + "?wait=10s").body(),
            body -> body.hasNonNull("completed_at"));
  }

  @Test
  void runsWhatWasAcceptedOnceAndTellsItsEnd() throws Exception {
    Path ran = Files.createDirectory(folder.resolve("ran"));
    Map<String, String> outputs = new HashMap<>();
    for (int i = 0; i < 60; i++) {
      String script = "echo ran >> " + ran.resolve("" + i) + "; echo out-" + i + "; sleep 0.5";
      outputs.put(execute("t" + i, script), "out-" + i);
      if (i == 40) {
        killAndRestart();
      }
    }
    killAndRestart();

    for (Map.Entry<String, String> expected : outputs.entrySet()) {
      JsonNode ended = completed(expected.getKey());
      assertThat(ended.path("status").asText()).as("%s", ended).isEqualTo("completed");
      assertThat(ended.path("output").asText()).isEqualTo(expected.getValue());
    }
    try (var files = Files.list(ran)) {
      for (Path file : files.toList()) {
        assertThat(Files.readAllLines(file)).as("runs of %s", file.getFileName()).hasSize(1);
      }
    }
    assertThat(endsTold(outputs.keySet())).isEqualTo(outputs.keySet());
  }

  /** Reads the events topic from its start until each execution's end was seen, each once by id. */
  private Set<String> endsTold(Set<String> wanted) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, gantry.kafka());
    Set<String> subjects = new HashSet<>();
    Set<String> ids = new HashSet<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      consumer
          .partitionsFor("gantry.events")
          .forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      await()
          .atMost(LONG)
          .until(
              () -> {
                for (ConsumerRecord<String, byte[]> event : consumer.poll(Duration.ofMillis(200))) {
                  assertThat(header(event, "ce_type")).isEqualTo("tool.executed");
                  assertThat(header(event, "ce_sequence")).isEqualTo("1");
                  ids.add(header(event, "ce_id"));
                  subjects.add(event.key());
                }
                return subjects.containsAll(wanted);
              });
    }
    assertThat(ids).hasSameSizeAs(subjects);
    return subjects;
  }

  private static String header(ConsumerRecord<String, byte[]> event, String name) {
    return new String(event.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void adoptsTheProcessThatRanOn() throws Exception {
    Path pids = folder.resolve("pids");
    String id = execute("long", "echo $$ >> " + pids + "; echo before; sleep 8; echo after");
    await().atMost(LONG).until(() -> Files.exists(pids) && Files.size(pids) > 0);

    killAndRestart();

    JsonNode ended = completed(id);
    assertThat(ended.path("status").asText()).isEqualTo("completed");
    assertThat(ended.path("output").asText()).isEqualTo("before\nafter");
    assertThat(Files.readAllLines(pids)).hasSize(1);
  }

  @Test
  @Tag("chaos")
  void goesOnWithTheSegmentAfterAKill() throws Exception {
    Path ran = folder.resolve("steps");
    ObjectNode body = JSON.createObjectNode().put("type", "inline");
    body.put(
        "definition",
        """
        name: chain
        steps:
          - {name: a, command: "echo a >> %1$s; sleep 3; echo one", output: ONE}
          - {name: b, command: "echo b >> %1$s; echo \\"${ONE} two\\""}
        """
            .formatted(ran));
    String id = api().post("/workflows/execute", body).body().path("execution_id").asText();
    await().atMost(LONG).until(() -> Files.exists(ran));

    killAndRestart();

    JsonNode ended =
        await()
            .atMost(LONG)
            .until(
                () -> api().get("/workflows/executions/" + id + "?wait=10s").body(),
                execution -> execution.hasNonNull("completed_at"));
    assertThat(ended.path("status").asText()).as("%s", ended).isEqualTo("completed");
    assertThat(ended.path("steps").path(1).path("output").asText()).isEqualTo("one two");
    assertThat(Files.readAllLines(ran)).containsExactly("a", "b");
  }

  @Test
  @Tag("chaos")
  void neverRunsMoreAtOnceThanAQueueLetsThrough() throws Exception {
    Path trace = folder.resolve("trace");
    int limit = 5;
    ObjectNode queue = JSON.createObjectNode().put("name", "q").put("max_active_runs", limit);
    assertThat(api().post("/queues", queue).status()).isEqualTo(201);
    ObjectNode body = JSON.createObjectNode().put("name", "queued").put("queue", "q");
    body.put("content", "echo begin >> %1$s; sleep 0.1; echo end >> %1$s".formatted(trace));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      ids.add(api().post("/tools/execute", body).body().path("execution_id").asText());
      if (i == 60 || i == 199) {
        killAndRestart();
      }
    }

    for (String id : ids) {
      assertThat(completed(id).path("status").asText()).isEqualTo("completed");
    }
    List<String> steps = Files.readAllLines(trace);
    assertThat(steps).hasSize(2 * ids.size());
    int most = 0;
    int atOnce = 0;
    for (String step : steps) {
      atOnce += step.equals("begin") ? 1 : -1;
      most = Math.max(most, atOnce);
    }
    assertThat(most).isEqualTo(limit);
    JsonNode after = api().get("/queues/q").body();
    assertThat(after.path("running").asInt()).isZero();
    assertThat(after.path("queued").asInt()).isZero();
  }

  @Test
  @Tag("chaos")
  void whatDoesAStepIsMadeOnceAndItsEndIsTold() throws Exception {
    Path ran = Files.createDirectory(folder.resolve("items"));
    ObjectNode source = JSON.createObjectNode().put("name", "s").put("type", "inline");
    source
        .putArray("workflows")
        .add("{name: one, steps: [{name: a, command: sleep 0.2; echo x >> $FILE}]}");
    String scanned = api().post("/sources", source).body().path("uuid").asText();
    await()
        .atMost(LONG)
        .until(
            () -> api().get("/sources/" + scanned).body().path("status").asText(),
            status -> status.equals("ready"));
    ObjectNode body = JSON.createObjectNode();
    body.put(
        "definition",
        """
        name: fan
        steps:
          - name: each
            parallel: {items: "${ITEMS}", maxConcurrent: 8}
            run: one
            params: {FILE: "%s/${ITEM}"}
          - {name: after, command: "true"}
        """
            .formatted(ran));
    body.putObject("variables")
        .put("ITEMS", IntStream.range(0, 40).mapToObj(Integer::toString).collect(joining("\n")));
    String id = api().post("/workflows/execute", body).body().path("execution_id").asText();
    for (int wanted : new int[] {5, 20}) {
      await().atMost(LONG).until(() -> ran.toFile().list().length >= wanted);
      killAndRestart();
    }

    JsonNode ended =
        await()
            .atMost(LONG)
            .ignoreExceptionsInstanceOf(IOException.class)
            .until(
                () -> api().get("/workflows/executions/" + id + "?wait=10s").body(),
                answer -> answer.hasNonNull("completed_at"));
    assertThat(ended.path("status").asText()).as("%s", ended).isEqualTo("completed");
    for (int item = 0; item < 40; item++) {
      assertThat(Files.readAllLines(ran.resolve("" + item))).as("runs of item %d", item).hasSize(1);
    }
    String items = ended.path("steps").path(0).path("child").asText();
    assertThat(api().get("/workflows/executions?parent=" + items).body().path("total").asInt())
        .isEqualTo(40);
  }

  @Test
  void drainsOnSigterm() throws Exception {
    String id = execute("long", "sleep 3; echo done");

    Process application = gantry.application();
    application.destroy();
    assertThat(application.waitFor(30, TimeUnit.SECONDS)).isTrue();
    gantry.close();
    start();

    JsonNode ended = completed(id);
    assertThat(ended.path("output").asText()).as("%s", ended).isEqualTo("done");
  }
}
