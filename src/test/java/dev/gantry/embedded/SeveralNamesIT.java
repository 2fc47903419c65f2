package dev.gantry.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.testing.TestOrganization;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A3 for a process that is several runners: killed, it goes on with what each of them had begun.
 */
@Tag("chaos")
class SeveralNamesIT {
  private static final int OF_EACH = 4;
  private static final List<String> NAMES = List.of("north", "south");
  private static final Map<String, String> SETTINGS =
      Map.of(
          "gantry.runner.name",
          String.join(",", NAMES),
          "gantry.instance-id",
          "one",
          "gantry.kafka.topic-prefix",
          "names-" + UUID.randomUUID().toString().substring(0, 8),
          "gantry.kafka.partitions",
          "4");

  @TempDir Path folder;

  /** The files that executions write into, by the executions' ids. */
  private final Map<String, Path> accepted = new LinkedHashMap<>();

  private TestOrganization mine;
  private Replica process;

  @BeforeEach
  void start() throws IOException {
    process = replica();
    mine = TestOrganization.create("ADMIN");
  }

  @AfterEach
  void stop() throws IOException {
    process.close();
  }

  /** On the same directory each time. */
  private Replica replica() throws IOException {
    Build build = new Build(Path.of(System.getProperty("gantry.build.directory")));
    Replica replica = Replica.start(build, folder.resolve("process"), SETTINGS);
    replica.awaitReady();
    return replica;
  }

  private void accept(String runner) {
    Path ran = folder.resolve("ran-" + accepted.size());
    String step =
        "{name: a, script: 'echo a >> %s; while [ ! -e %s ]; do sleep 0.1; done; echo said'}"
            .formatted(ran, folder.resolve("go"));
    Response answer =
        process
            .asked(mine.json())
            .body(
                Map.of(
                    "definition",
                    "{name: named, runner: "
                        + runner
                        + ", steps: ["
                        + step
                        + ", {name: b, script: 'echo b >> "
                        + ran
                        + "'}]}"))
            .post("/workflows/execute");
    answer.then().statusCode(202);
    accepted.put(answer.path("execution_id"), ran);
  }

  @Test
  void eachRunsOnce() throws Exception {
    for (int i = 0; i < OF_EACH; i++) {
      NAMES.forEach(this::accept);
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> accepted.values().stream().allMatch(Files::exists));

    process.kill();
    process = replica();
    Files.createFile(folder.resolve("go"));

    for (Map.Entry<String, Path> execution : accepted.entrySet()) {
      Response ended =
          process
              .asked(mine.json())
              .get("/workflows/executions/" + execution.getKey() + "?wait=60s");
      assertThat(ended.<String>path("status")).as(ended.asString()).isEqualTo("completed");
      assertThat(ended.<List<Integer>>path("steps.attempt")).containsOnly(1);
      assertThat(Files.readAllLines(execution.getValue())).containsExactly("a", "b");
    }
  }
}
