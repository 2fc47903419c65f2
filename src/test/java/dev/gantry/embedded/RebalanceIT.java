package dev.gantry.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.secrets.KeysetTool;
import dev.gantry.testing.Receiver;
import dev.gantry.testing.Receiver.Got;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TopicReader;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A11: a second process with all roles joins the consumer groups, leaves them and is killed, while
 * executions run. Whatever is moved from one to the other, nothing has an effect twice, and a
 * webhook is told of everything as one message, however often that is sent.
 */
@Tag("chaos")
class RebalanceIT {
  private static final int AT_A_TIME = 12;
  private static final String PREFIX = "move-" + UUID.randomUUID().toString().substring(0, 8);

  @TempDir Path folder;
  private final Map<String, Path> accepted = new LinkedHashMap<>();
  private final Receiver receiver = new Receiver(200);
  private TestOrganization mine;
  private Replica one;
  private Replica other;

  @BeforeEach
  void start() throws IOException {
    assertThat(KeysetTool.run(List.of("create", keys().toString()), System.err)).isZero();
    one = replica("one");
    one.awaitReady();
    mine = TestOrganization.create("ADMIN");
    one.asked(mine.json())
        .body(Map.of("url", receiver.url(), "events", List.of("workflow.*")))
        .post("/webhooks")
        .then()
        .statusCode(201);
  }

  private Path keys() {
    return folder.resolve("secrets.key");
  }

  @AfterEach
  void stop() throws IOException {
    one.close();
    if (other != null) {
      other.close();
    }
    receiver.close();
  }

  private Replica replica(String name) throws IOException {
    Build build = new Build(Path.of(System.getProperty("gantry.build.directory")));
    return Replica.start(
        build,
        folder.resolve(name),
        Map.of(
            "gantry.kafka.topic-prefix",
            PREFIX,
            "gantry.kafka.partitions",
            "4",
            "gantry.network.allow",
            "127.0.0.0/8",
            "gantry.secrets.key-file",
            keys().toString()));
  }

  /** Executions of a chain whose steps each write their name into the execution's own file. */
  private void accept() {
    for (int i = 0; i < AT_A_TIME; i++) {
      Path ran = folder.resolve("ran-" + accepted.size());
      String step = "{name: %s, script: 'echo %s >> " + ran + "; echo said; sleep 0.4'}";
      String steps =
          Stream.of("a", "b", "c")
              .map(name -> step.formatted(name, name))
              .collect(Collectors.joining(", "));
      Response answer =
          one.asked(mine.json())
              .body(Map.of("definition", "{name: moved, steps: [" + steps + "]}"))
              .post("/workflows/execute");
      answer.then().statusCode(202);
      accepted.put(answer.path("execution_id"), ran);
    }
  }

  @Test
  void nothingHasAnEffectTwice() throws Exception {
    accept();
    other = replica("other");
    accept();
    other.awaitReady();
    accept();
    other.close();
    accept();
    other = replica("other");
    other.awaitReady();
    accept();
    other.kill();
    accept();
    other = replica("other");
    accept();

    for (Map.Entry<String, Path> execution : accepted.entrySet()) {
      Response ended =
          one.asked(mine.json()).get("/workflows/executions/" + execution.getKey() + "?wait=60s");
      assertThat(ended.<String>path("status")).as(ended.asString()).isEqualTo("completed");
      assertThat(ended.<List<Integer>>path("steps.attempt")).containsOnly(1);
      assertThat(Files.readAllLines(execution.getValue())).containsExactly("a", "b", "c");
    }
    assertThatEachIsOneMessage(assertThatEachIsToldOnce());
  }

  private void assertThatEachIsOneMessage(Set<String> told) {
    Map<String, String> messages = new ConcurrentHashMap<>();
    await()
        .atMost(Duration.ofSeconds(60)) // more than the lease of who was killed
        .until(
            () -> {
              for (Got got : receiver.got()) {
                messages.put(got.header("webhook-id"), got.json().get("id").textValue());
              }
              return messages.size() >= told.size();
            });
    assertThat(messages.values()).containsExactlyInAnyOrderElementsOf(told);
  }

  /**
   * Every execution's events count from 1 without a gap; a repetition bears the same number.
   * Answers the ids of all.
   */
  private Set<String> assertThatEachIsToldOnce() {
    Map<String, Map<Integer, String>> told = new LinkedHashMap<>();
    TopicReader.read(
        PREFIX + ".events",
        record -> accepted.containsKey(record.key()),
        records -> {
          records.forEach(
              record ->
                  told.computeIfAbsent(record.key(), key -> new LinkedHashMap<>())
                      .put(
                          Integer.parseInt(header(record, "ce_sequence")),
                          header(record, "ce_type")));
          return told.values().stream()
                  .filter(events -> events.containsValue("workflow.completed"))
                  .count()
              == accepted.size();
        });
    told.forEach(
        (execution, events) -> {
          List<Integer> all = IntStream.rangeClosed(1, events.size()).boxed().toList();
          assertThat(events.keySet()).as(execution).containsExactlyElementsOf(all);
          assertThat(events.values())
              .as(execution)
              .containsExactly(
                  "workflow.started",
                  "workflow.step.started",
                  "workflow.step.completed",
                  "workflow.step.started",
                  "workflow.step.completed",
                  "workflow.step.started",
                  "workflow.step.completed",
                  "workflow.completed");
        });
    return told.entrySet().stream()
        .flatMap(each -> each.getValue().keySet().stream().map(n -> each.getKey() + "-" + n))
        .collect(Collectors.toSet());
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
