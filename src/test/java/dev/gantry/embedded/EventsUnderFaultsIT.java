package dev.gantry.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.secrets.KeysetTool;
import dev.gantry.testing.EventStream;
import dev.gantry.testing.Servers;
import dev.gantry.testing.TestOrganization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A5: broker, engine and API are killed at random under load, and every execution's events are told
 * all the same: each once after those with the same id are one, in order, none missing, on Kafka
 * and to who reads them over HTTP, from two processes in turn and cut off at random. {@code
 * -Devents.executions=10000 -Devents.kills=30} makes it a long day.
 */
@Tag("chaos")
class EventsUnderFaultsIT {
  private static final int EXECUTIONS = Integer.getInteger("events.executions", 240);
  private static final int KILLS = Integer.getInteger("events.kills", 5);
  private static final Duration PATIENCE = Duration.ofMinutes(3 + EXECUTIONS / 500);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> STEPS =
      List.of(
          "[{\"name\": \"a\", \"command\": \"true\"}]",
          "[{\"name\": \"a\", \"command\": \"exit 3\"}]",
          "[{\"name\": \"a\", \"command\": \"true\"}, {\"name\": \"b\", \"command\": \"exit 1\"}]",
          "[{\"name\": \"a\", \"command\": \"sleep 0.2\"}, {\"name\": \"b\", \"command\": \"true\"}]");

  private static final Set<String> LAST =
      Set.of("workflow.completed", "workflow.failed", "workflow.cancelled");

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String prefix = "away-" + UUID.randomUUID().toString().substring(0, 8);
  private final AtomicInteger accepted = new AtomicInteger();
  private final Build build = new Build(Path.of(System.getProperty("gantry.build.directory")));
  private volatile KafkaServer broker;

  /** All roles. */
  private volatile Replica engine;

  private volatile Replica api;
  private int brokerPort;
  private TestOrganization mine;

  private void startBroker() throws IOException {
    broker =
        KafkaServer.start(
            build.kafka(), folder.resolve("kafka"), brokerPort, folder.resolve("kafka.log"));
  }

  private Replica start(String roles) throws IOException {
    return Replica.start(
        build,
        folder.resolve(roles.replace(',', '-')),
        Map.of(
            "gantry.roles",
            roles,
            "gantry.kafka.bootstrap-servers",
            broker.address(),
            "gantry.kafka.topic-prefix",
            prefix,
            "gantry.kafka.partitions",
            "4",
            "gantry.secrets.key-file",
            folder.resolve("secrets.key").toString(),
            "gantry.limits.requests-per-key",
            "1000000"));
  }

  private void startEngine() throws IOException {
    engine = start("api,engine,runner");
  }

  private void startApi() throws IOException {
    api = start("api");
  }

  /** One of the two that answer; which one, changes. */
  private String url(int turn) {
    return (turn % 2 == 0 ? engine : api).url() + "/api/v1";
  }

  /** Accepted once, however often it has to be asked for. */
  private String execute(int number, Random random) {
    String body =
        "{\"definition\": {\"name\": \"w\", \"steps\": "
            + STEPS.get(random.nextInt(STEPS.size()))
            + "}}";
    AtomicInteger turn = new AtomicInteger(number);
    String id =
        await("execution " + number + " is accepted")
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .pollDelay(Duration.ZERO)
            .until(
                () -> post(url(turn.getAndIncrement()) + "/workflows/execute", body, "n-" + number),
                Objects::nonNull);
    accepted.incrementAndGet();
    if (random.nextInt(6) == 0) {
      post(url(number) + "/workflows/executions/" + id + "/cancel", "{}", "c-" + number);
    }
    return id;
  }

  /** The execution's id, or null when nobody has answered well. */
  private String post(String url, String body, String key) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + mine.key())
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return answer.statusCode() == 202
          ? JSON.readTree(answer.body()).path("execution_id").asText()
          : null;
    } catch (IOException away) {
      return null;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> load() {
    Random random = new Random(EXECUTIONS);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < EXECUTIONS; i++) {
      ids.add(execute(i, random));
    }
    return ids;
  }

  private void awaitAccepted(int count) {
    await().atMost(PATIENCE).until(() -> accepted.get() >= count);
  }

  /**
   * Follows all events, from wherever it was cut off or has gone itself, until each of the
   * executions has ended.
   */
  private List<String> follow(int ends) {
    Random random = new Random(ends);
    List<String> ids = new ArrayList<>();
    String last = "0";
    int ended = 0;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int turn = 0; ended < ends && System.nanoTime() < deadline; turn++) {
      int most = 1 + random.nextInt(300);
      String url = url(turn) + "/events/stream?type=workflow.*";
      try (EventStream stream = EventStream.open(url, mine.key(), last)) {
        EventStream.Frame frame = stream.next();
        while (frame != null) {
          ids.add(frame.data().get("id").asText());
          last = frame.id();
          ended += LAST.contains(frame.event()) ? 1 : 0;
          frame = ended < ends && --most > 0 ? stream.next() : null;
        }
      } catch (IOException cutOff) {
        // It goes on behind the last one.
      }
    }
    return ids;
  }

  /** Something is killed and started anew, at a time of its own. */
  private void kill(Victim victim) throws IOException, InterruptedException {
    switch (victim) {
      case BROKER -> {
        broker.process().destroyForcibly().waitFor();
        // What is accepted meanwhile waits in the outbox.
        awaitAccepted(Math.min(EXECUTIONS, accepted.get() + EXECUTIONS / (KILLS * 4)));
        startBroker();
      }
      case ENGINE -> {
        engine.kill();
        startEngine();
      }
      case API -> {
        api.kill();
        startApi();
      }
    }
  }

  private enum Victim {
    BROKER,
    ENGINE,
    API;

    /** Each of them now and then, in no order. */
    static List<Victim> some(int count) {
      List<Victim> victims =
          new ArrayList<>(IntStream.range(0, count).mapToObj(i -> values()[i % 3]).toList());
      Collections.shuffle(victims, new Random(count));
      return victims;
    }
  }

  @Test
  void everyEventIsToldInOrderWhileBrokerAndApplicationDie() throws Exception {
    String keys = folder.resolve("secrets.key").toString();
    assertThat(KeysetTool.run(List.of("create", keys), System.err)).isZero();
    brokerPort = Servers.freePort();
    startBroker();
    startEngine();
    engine.awaitReady();
    startApi();
    api.awaitReady();
    mine = TestOrganization.create("ADMIN");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<List<String>> load = threads.submit(this::load);
      Future<List<String>> reader = threads.submit(() -> follow(EXECUTIONS));

      List<Victim> victims = Victim.some(KILLS);
      for (int i = 0; i < KILLS; i++) {
        awaitAccepted(EXECUTIONS * (i + 1) / (KILLS + 2));
        kill(victims.get(i));
      }

      List<String> executions = load.get();
      List<String> streamed = reader.get();
      Map<String, List<String>> told = told(executions);
      check(told, executions);
      checkStream(streamed, told);
    } finally {
      threads.shutdownNow();
      engine.close();
      api.close();
      broker.close();
    }
  }

  /** The ids of each subject's events in the order of the topic, those that come again left out. */
  private Map<String, List<String>> told(List<String> executions) {
    Map<String, List<String>> told = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    Map<String, Integer> ended = new HashMap<>();
    Map<String, Object> config = Map.of("bootstrap.servers", broker.address());
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(prefix + ".events").stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                for (ConsumerRecord<String, byte[]> event : consumer.poll(Duration.ofMillis(200))) {
                  if (seen.add(header(event, "ce_id"))) {
                    told.computeIfAbsent(event.key(), key -> new ArrayList<>())
                        .add(header(event, "ce_id"));
                    if (LAST.contains(header(event, "ce_type"))) {
                      ended.merge(event.key(), 1, Integer::sum);
                    }
                  }
                }
                return ended.keySet().containsAll(executions);
              });
    }
    assertThat(ended.values()).containsOnly(1);
    return told;
  }

  private static String header(ConsumerRecord<String, byte[]> event, String name) {
    return new String(event.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static void check(Map<String, List<String>> told, List<String> executions) {
    assertThat(told.keySet()).containsExactlyInAnyOrderElementsOf(executions);
    told.forEach(
        (subject, ids) -> {
          for (int i = 0; i < ids.size(); i++) {
            assertThat(ids.get(i)).as("of " + subject).isEqualTo(subject + "-" + (i + 1));
          }
        });
  }

  /** Nothing twice, each subject's in order, and all that Kafka was told. */
  private static void checkStream(List<String> streamed, Map<String, List<String>> told) {
    assertThat(streamed).doesNotHaveDuplicates();
    Map<String, List<String>> bySubject = new LinkedHashMap<>();
    for (String id : streamed) {
      bySubject
          .computeIfAbsent(id.substring(0, id.lastIndexOf('-')), key -> new ArrayList<>())
          .add(id);
    }
    assertThat(bySubject).isEqualTo(told);
  }
}
